import type { TargetedDragEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../browser.ts";

interface Props {
  isBusy: boolean;
  /** The button has the focus when it comes back in place of what had it. */
  takesFocus: boolean;
  onFile: (file: File) => void;
}

/** Where a file is dropped, or chosen by a button. */
export function DropPlace({ isBusy, takesFocus, onFile }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (takesFocus) button.current?.focus();
  }, [takesFocus]);
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null | undefined) => {
    const [file] = files ?? [];
    if (file && !isBusy) onFile(file);
  };
  const drop = (event: TargetedDragEvent<HTMLElement>) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer?.files);
  };
  const hover = (event: TargetedDragEvent<HTMLElement>) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <section
      class={isOver ? "drop over" : "drop"}
      aria-label={t("packs_add")}
      onDragOver={hover}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p class="quiet-text">{t("packs_drop")}</p>
      <input
        ref={input}
        type="file"
        accept=".wardpack,.zip"
        hidden
        data-testid="pack-file"
        onChange={(event) => {
          take(event.currentTarget.files);
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
      <button ref={button} type="button" disabled={isBusy} onClick={() => input.current?.click()}>
        {t("packs_add")}
      </button>
    </section>
  );
}

import { useRef, useState } from "preact/hooks";
import { t } from "../browser.ts";
import { ask, messageOf } from "./console.ts";
import { count } from "./format.ts";
import { Banner, Card } from "./parts.tsx";
import type { ShowToast } from "./toast.tsx";

interface Props {
  events: number;
  onErased: () => void;
  showToast: ShowToast;
}

/** Empties the journal, after a question that is hard to answer by accident. */
export function Erase({ events, onErased, showToast }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [error, setError] = useState<string>();
  const erase = async () => {
    dialog.current?.close();
    setError(undefined);
    try {
      showToast({ text: t("erase_done", count((await ask("erase", null)).events)) });
      onErased();
    } catch (thrown) {
      setError(messageOf(thrown));
    }
  };
  return (
    <Card title={t("erase_title")} lead={t("erase_lead", count(events))}>
      {error && <Banner text={t("error_erase")} detail={error} onRetry={erase} />}
      <div class="buttons">
        <button type="button" class="danger" disabled={events === 0} onClick={() => dialog.current?.showModal()}>
          {t("erase_button")}
        </button>
      </div>
      <dialog ref={dialog} aria-labelledby="erase-question" aria-describedby="erase-warning">
        <h2 id="erase-question">{t("erase_question")}</h2>
        <p id="erase-warning">{t("erase_warning")}</p>
        <div class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {t("cancel")}
          </button>
          <button type="button" class="danger" onClick={erase} data-testid="erase-confirm">
            {t("erase_confirm")}
          </button>
        </div>
      </dialog>
    </Card>
  );
}

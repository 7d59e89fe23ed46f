import { useEffect, useState } from "preact/hooks";
import { t } from "../browser.ts";
import { Icon } from "./icons.tsx";

/** A message in passing, and perhaps a way back. */
export interface ToastMessage {
  readonly text: string;
  readonly onUndo?: () => void;
}

export type ShowToast = (message: ToastMessage) => void;

const SHOWN_MS = 10_000;

/** Goes by itself, but never while the pointer or the focus is on it. */
export function Toast({ message, onClose }: { message: ToastMessage | undefined; onClose: () => void }) {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    if (!message || isHeld) return undefined;
    const timer = setTimeout(onClose, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message, isHeld, onClose]);
  const hold = () => setIsHeld(true);
  const release = () => setIsHeld(false);
  return (
    <div class="toast-place" role="status" aria-live="polite">
      {message && (
        <div class="toast" onPointerEnter={hold} onPointerLeave={release} onFocusIn={hold} onFocusOut={release}>
          <span>{message.text}</span>
          <ToastActions message={message} onClose={onClose} />
        </div>
      )}
    </div>
  );
}

function ToastActions({ message: { onUndo }, onClose }: { message: ToastMessage; onClose: () => void }) {
  const undo = () => {
    onUndo?.();
    onClose();
  };
  return (
    <>
      {onUndo && (
        <button type="button" class="link" onClick={undo}>
          {t("undo")}
        </button>
      )}
      <button type="button" class="bare" onClick={onClose} aria-label={t("dismiss")} title={t("dismiss")}>
        <Icon name="close" />
      </button>
    </>
  );
}

import { useRef, useState } from "preact/hooks";
import type { Moment } from "../../../core/types.ts";
import { t } from "../../browser.ts";
import type { LockState } from "../../lock-messages.ts";
import { Card } from "../parts.tsx";
import type { LockDesk } from "./desk.ts";
import { hours, momentOf } from "./words.ts";

const HOURS = [1, 4, 12, 24, 72, 168, 720] as const;
const HOUR_MS = 3_600_000;

/** Until a moment that is chosen nothing weakens, whoever asks; it can be made longer, never shorter. */
export function Lockdown({ state, desk, now }: { state: LockState; desk: LockDesk; now: Moment }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [chosen, setChosen] = useState<number>(HOURS[0]);
  const { lockdownUntil } = state;
  const begin = () => {
    dialog.current?.close();
    void desk.change({ kind: "lockdown", until: Date.now() + chosen * HOUR_MS });
  };
  const until = momentOf(now + chosen * HOUR_MS);
  return (
    <Card title={t("lockdown_title")} lead={t("lockdown_lead")}>
      {lockdownUntil !== null && (
        <p class="pause-state" role="status">
          <strong>{t("lockdown_until", momentOf(lockdownUntil))}</strong>
        </p>
      )}
      <div class="keep">
        <label for="lockdown-hours">{t("lockdown_field")}</label>
        <select
          id="lockdown-hours"
          value={String(chosen)}
          onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}
        >
          {HOURS.map((choice) => (
            <option key={choice} value={String(choice)}>
              {hours(choice)}
            </option>
          ))}
        </select>
        <button type="button" onClick={() => dialog.current?.showModal()} data-testid="lockdown">
          {t("lockdown_button")}
        </button>
      </div>
      <dialog ref={dialog} aria-labelledby="lockdown-question">
        <h2 id="lockdown-question">{t("lockdown_question", until)}</h2>
        <p>{t("lockdown_warning")}</p>
        <div class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {t("cancel")}
          </button>
          <button type="button" class="danger" onClick={begin} data-testid="lockdown-confirm">
            {t("lockdown_confirm")}
          </button>
        </div>
      </dialog>
    </Card>
  );
}

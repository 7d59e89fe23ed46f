import type { Moment } from "../../../core/types.ts";
import { t } from "../../browser.ts";
import type { LockState } from "../../lock-messages.ts";
import { Card } from "../parts.tsx";
import type { LockDesk } from "./desk.ts";
import { hours, momentOf, sayChange } from "./words.ts";

const CHOICES = [0, 1, 4, 12, 24, 72, 168] as const;

/** How long what weakens has to wait. */
export function Cooling({ state, desk }: { state: LockState; desk: LockDesk }) {
  const { coolingHours } = state;
  const choices = [...new Set([...CHOICES, coolingHours])].sort((a, b) => a - b);
  return (
    <Card title={t("cooling_title")} lead={t("cooling_lead")}>
      <label class="keep">
        <span>{t("cooling_field")}</span>
        <select
          id="cooling-hours"
          value={String(coolingHours)}
          onChange={({ currentTarget }) => desk.change({ kind: "cooling", hours: Number(currentTarget.value) })}
        >
          {choices.map((choice) => (
            <option key={choice} value={String(choice)}>
              {hours(choice)}
            </option>
          ))}
        </select>
      </label>
      <p class="quiet-text">{t("cooling_clock")}</p>
    </Card>
  );
}

interface PendingProps {
  state: LockState;
  desk: LockDesk;
  now: Moment;
}

/** What waits for its time; each can be called off at once. */
export function PendingChanges({ state: { pending, lockdownUntil }, desk, now }: PendingProps) {
  if (pending.length === 0) return null;
  return (
    <Card title={t("pending_title")} lead={t("pending_lead")}>
      <ul class="rows ends">
        {pending.map(({ id, dueAt, change }) => (
          <li key={id} data-testid="pending">
            <span>
              <strong>{sayChange(change)}</strong>
              <span class="lead">{t("pending_due", momentOf(Math.max(dueAt, lockdownUntil ?? 0, now)))}</span>
            </span>
            <button type="button" class="row-end" onClick={() => desk.change({ kind: "cancel", id })}>
              {t("pending_cancel")}
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

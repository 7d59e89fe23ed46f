import { REMINDERS } from "../../../core/care.ts";
import { t } from "../../browser.ts";
import type { CareDesk } from "../care.ts";
import { exactTime } from "../format.ts";
import { Card, Notice } from "../parts.tsx";

type Days = (typeof REMINDERS)[number];

/** How often the user wants to be reminded to send a report; whether to send it stays with them. */
export function Remind({ desk }: { desk: CareDesk }) {
  const care = desk.loaded.value;
  const choose = (days: Days) =>
    // It counts from now for who has not been reminded so far.
    desk.change({ remindDays: days, laterAt: 0, ...(care?.remindDays === 0 ? { reportedAt: Date.now() } : {}) });
  return (
    <Card title={t("remind_title")} lead={t("remind_lead")}>
      <Notice loaded={desk.loaded} />
      {care && (
        <label class="keep">
          <span>{t("remind_every")}</span>
          <select
            value={String(care.remindDays)}
            onChange={({ currentTarget }) => choose(Number(currentTarget.value) as Days)}
            data-testid="remind-days"
          >
            {REMINDERS.map((days) => (
              <option key={days} value={String(days)}>
                {days === 0 ? t("remind_never") : t("remind_days", days)}
              </option>
            ))}
          </select>
        </label>
      )}
      {care && care.remindDays > 0 && care.reportedAt > 0 && (
        <p class="quiet-text">{t("remind_from", exactTime(care.reportedAt))}</p>
      )}
    </Card>
  );
}

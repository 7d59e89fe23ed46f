import type { Moment } from "../../../core/types.ts";
import { t } from "../../browser.ts";
import { startOfDay } from "../format.ts";
import { Card } from "../parts.tsx";

const DAY_MS = 86_400_000;
const RANGES = ["today", "week", "month", "year", "all", "days"] as const;
type Range = (typeof RANGES)[number];

/** What a report is about; `from` and `to` are local dates, both included, and count for the range `days` alone. */
export interface Period {
  readonly range: Range;
  readonly from: string;
  readonly to: string;
}

export interface Within {
  readonly since: Moment;
  readonly until: Moment;
}

/** The moments that a period stands for; a date that is not filled in stands for no bound. */
export function periodOf({ range, from, to }: Period, now: Moment): Within {
  if (range !== "days") return { since: startOf(range, now), until: now };
  const [since, end] = [Date.parse(`${from}T00:00`), Date.parse(`${to}T00:00`)];
  const until = Number.isNaN(end) ? now : new Date(end).setHours(24, 0, 0, 0) - 1;
  return { since: Number.isNaN(since) ? 0 : since, until };
}

function startOf(range: Exclude<Range, "days">, now: Moment): Moment {
  return { today: startOfDay(now), week: now - 7 * DAY_MS, month: now - 30 * DAY_MS, year: now - 365 * DAY_MS, all: 0 }[
    range
  ];
}

export function PeriodChoice({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  const date = (end: "from" | "to") => (
    <label>
      <span>{t(`reports_${end}`)}</span>
      <input
        type="date"
        value={period[end]}
        onInput={({ currentTarget }) => onChange({ ...period, [end]: currentTarget.value })}
      />
    </label>
  );
  return (
    <Card title={t("reports_range")}>
      <fieldset class="segments">
        <legend class="sr">{t("reports_range")}</legend>
        {RANGES.map((range) => (
          <label key={range}>
            <input
              type="radio"
              name="range"
              value={range}
              checked={range === period.range}
              onChange={() => onChange({ ...period, range })}
            />
            <span>{t(`range_${range}`)}</span>
          </label>
        ))}
      </fieldset>
      {period.range === "days" && (
        <div class="dates">
          {date("from")}
          {date("to")}
        </div>
      )}
    </Card>
  );
}

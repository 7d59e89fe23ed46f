import { firstWeekday, t } from "../../browser.ts";
import { count, plural } from "../format.ts";
import { Card } from "../parts.tsx";
import { Scroller } from "../scroller.tsx";
import { type Overview, PATTERN_DAYS, weekFrom } from "./compute.ts";
import { duration, oneDigit, timeAt, weekday } from "./words.ts";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const CELL = 20;
const LEFT = 44;
const TOP = 18;

/** When encounters happen: a map of weekdays and hours, and its peak where there is one. */
export function HeatCard({ overview }: { overview: Overview }) {
  const { heat, peakHour, peakDay, span } = overview;
  const days = weekFrom(firstWeekday());
  return (
    <Card title={t("heat_title")} lead={t("heat_lead", count(PATTERN_DAYS))}>
      <p data-testid="peak">
        {peakHour
          ? t(
              "heat_peak",
              timeAt(peakHour.hour),
              duration(Math.max(0.25, peakHour.within) * 3_600_000),
              oneDigit(peakHour.ratio),
            )
          : t(span.attempts < 12 ? "heat_few" : "heat_noPeak")}{" "}
        {peakDay && t("heat_day", weekday(peakDay.weekday, "long"), oneDigit(peakDay.ratio))}
      </p>
      <Scroller class="chart-scroll" label={t("heat_title")}>
        <HeatMap heat={heat} days={days} label={t("heat_label", plural("encounters", span.attempts))} />
      </Scroller>
      <details class="as-table">
        <summary>{t("as_table")}</summary>
        <HeatTable heat={heat} days={days} />
      </details>
    </Card>
  );
}

interface HeatProps {
  heat: Overview["heat"];
  days: readonly number[];
}

function HeatMap({ heat, days, label }: HeatProps & { label: string }) {
  const most = Math.max(1, ...heat.flat());
  return (
    <svg class="heat" viewBox={`0 0 ${LEFT + 24 * CELL} ${TOP + 7 * CELL}`} role="img" aria-label={label}>
      {HOURS.filter((hour) => hour % 3 === 0).map((hour) => (
        <text key={hour} x={LEFT + hour * CELL} y={TOP - 6} class="tick">
          {hour}
        </text>
      ))}
      {days.map((day, row) => (
        <g key={day}>
          <text x={0} y={TOP + row * CELL + 14} class="tick">
            {weekday(day, "short")}
          </text>
          {HOURS.map((hour) => {
            const value = heat[day]?.[hour] ?? 0;
            const share = value === 0 ? 0 : 20 + (80 * value) / most;
            const fill = `color-mix(in oklab, var(--amber-line) ${share}%, var(--sunk))`;
            return (
              <rect
                key={hour}
                x={LEFT + hour * CELL}
                y={TOP + row * CELL}
                width={CELL - 2}
                height={CELL - 2}
                rx={3}
                style={{ fill }}
              >
                <title>{t("pair", `${weekday(day, "long")}, ${timeAt(hour)}`, count(value))}</title>
              </rect>
            );
          })}
        </g>
      ))}
    </svg>
  );
}

function HeatTable({ heat, days }: HeatProps) {
  return (
    <Scroller class="chart-scroll" label={t("as_table")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("heat_hour")}</th>
            {days.map((day) => (
              <th key={day} scope="col">
                {weekday(day, "short")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {HOURS.filter((hour) => days.some((day) => heat[day]?.[hour])).map((hour) => (
            <tr key={hour}>
              <th scope="row">{timeAt(hour)}</th>
              {days.map((day) => (
                <td key={day}>{count(heat[day]?.[hour] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

import { ASPECTS, type Aspect } from "../../../core/analytics/escalation.ts";
import type { Trend } from "../../../core/analytics/trend.ts";
import { t } from "../../browser.ts";
import { count } from "../format.ts";
import { Card } from "../parts.tsx";
import { Scroller } from "../scroller.tsx";
import type { Overview } from "./compute.ts";
import { dateOf, oneDigit, shortDate } from "./words.ts";

const WIDTH = 520;
const HEIGHT = 150;
const LEFT = 28;
const FOOT = 20;
/** A trend is told of when chance alone gives one as clear in fewer than 5 of 100 cases. */
const MAX_P = 0.05;

/** How encounters went from week to week, whether that is a trend, and since when something has changed. */
export function TrendCard({ overview }: { overview: Overview }) {
  const { weekly, trends, escalation, history } = overview;
  const starts = weekly.map((_, week) => history.today - 7 * (weekly.length - week) + 1);
  return (
    <Card title={t("trend_title")} lead={t("trend_lead")}>
      {escalation && (
        <p class="change" data-testid="escalation">
          {t("trend_escalation", dateOf(escalation.beganOn), dateOf(escalation.noticedOn))}
        </p>
      )}
      <Scroller class="chart-scroll" label={t("trend_title")}>
        <WeekChart weekly={weekly} starts={starts} />
      </Scroller>
      <ul class="trends">
        {ASPECTS.map((aspect) => (
          <li key={aspect}>
            <strong>{t(`aspect_${aspect}`)}</strong> <span>{trendWords(aspect, trends[aspect])}</span>
          </li>
        ))}
      </ul>
      <details class="as-table">
        <summary>{t("as_table")}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("trend_week")}</th>
              <th scope="col">{t("trend_encounters")}</th>
            </tr>
          </thead>
          <tbody>
            {weekly.map((value, week) => (
              <tr key={starts[week]}>
                <th scope="row">{dateOf(starts[week] ?? 0)}</th>
                <td>{count(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  );
}

function WeekChart({ weekly, starts }: { weekly: readonly number[]; starts: readonly number[] }) {
  const most = Math.max(4, ...weekly);
  const step = (WIDTH - LEFT) / Math.max(8, weekly.length);
  const y = (value: number) => (HEIGHT - FOOT) * (1 - value / most) + 4;
  return (
    <svg
      class="weeks"
      viewBox={`0 0 ${WIDTH} ${HEIGHT + 8}`}
      role="img"
      aria-label={t("trend_label", count(weekly.length))}
    >
      {[0, most / 2, most].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} class="grid" />
          <text x={LEFT - 6} y={y(value) + 4} class="tick end">
            {count(value)}
          </text>
        </g>
      ))}
      {weekly.map((value, week) => (
        <rect
          key={starts[week]}
          x={LEFT + week * step + 2}
          y={y(value)}
          width={step - 4}
          height={y(0) - y(value)}
          rx={2}
          class={week === weekly.length - 1 ? "bar now" : "bar"}
        >
          <title>{t("pair", dateOf(starts[week] ?? 0), count(value))}</title>
        </rect>
      ))}
      {weekly.map((_, week) =>
        week % Math.ceil(weekly.length / 6) === 0 && LEFT + week * step < WIDTH - 40 ? (
          <text key={starts[week]} x={LEFT + week * step + 2} y={HEIGHT + 4} class="tick">
            {shortDate(starts[week] ?? 0)}
          </text>
        ) : null,
      )}
    </svg>
  );
}

/** Severity is told in points of 100, time between attempts in hours. */
const UNITS: Readonly<Record<Aspect, number>> = { frequency: 1, duration: 1, severity: 100, latency: 24 };

function trendWords(aspect: Aspect, { slope, p }: Trend): string {
  if (p >= MAX_P || slope === 0) return t("trend_none");
  const size = Math.abs(UNITS[aspect] * slope);
  const amount = size < 0.05 ? t("trend_tiny") : t(`trend_${aspect}`, oneDigit(size));
  return t(slope > 0 ? "trend_up" : "trend_down", amount);
}

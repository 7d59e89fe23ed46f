import riskModel from "../../../../models/relapse-risk/model.json" with { type: "json" };
import { type Aspect, type Escalation, escalationNow, trendsOf, watchOf } from "../../../core/analytics/escalation.ts";
import { type History, historyOf } from "../../../core/analytics/history.ts";
import { HELPS, type HelpKind, hasWorked } from "../../../core/analytics/intervention.ts";
import type { LocalClock } from "../../../core/analytics/local-time.ts";
import { type PeakDay, type PeakHour, peakDayOf, peakHourOf } from "../../../core/analytics/peaks.ts";
import { type Risk, type RiskModel, riskOf } from "../../../core/analytics/relapse.ts";
import type { Trend } from "../../../core/analytics/trend.ts";
import { heatOf, type Streak, streakOf, type Usage, usageOf, weeklyCounts } from "../../../core/analytics/usage.ts";
import { seeded } from "../../../core/random.ts";
import type { Moment } from "../../../core/types.ts";
import type { OverviewRows } from "../../help-messages.ts";

/** Patterns are sought in so many days; more would tell of somebody that one was. */
export const PATTERN_DAYS = 90;
export const TREND_WEEKS = 26;

/** Everything that the overview shows. */
export interface Overview {
  readonly history: History;
  readonly today: Usage;
  readonly week: Usage;
  readonly weekBefore: Usage;
  /** Over `PATTERN_DAYS`. */
  readonly span: Usage;
  readonly risk: Risk;
  readonly heat: readonly (readonly number[])[];
  readonly peakHour: PeakHour | null;
  readonly peakDay: PeakDay | null;
  readonly weekly: readonly number[];
  readonly trends: Readonly<Record<Aspect, Trend>>;
  readonly escalation: Escalation | null;
  readonly streak: Streak;
  readonly helps: readonly HelpRecord[];
}

export interface HelpRecord {
  readonly kind: HelpKind;
  readonly offered: number;
  readonly worked: number;
}

/** The same rows at the same moment give the same overview. */
export function overviewOf({ days, helps }: OverviewRows, now: Moment, clock: LocalClock): Overview {
  const { day: today, minute } = clock(now);
  const history = historyOf(days, { now, today, minute });
  const watches = watchOf(history);
  const from = today - PATTERN_DAYS + 1;
  return {
    history,
    today: usageOf(history, today, today),
    week: usageOf(history, today - 6, today),
    weekBefore: usageOf(history, today - 13, today - 7),
    span: usageOf(history, from, today),
    risk: riskOf(riskModel satisfies RiskModel, { history, watches, helps }),
    heat: heatOf(history, from),
    peakHour: peakHourOf(history, from, seeded(today)),
    peakDay: peakDayOf(history, from, seeded(today)),
    weekly: weeklyCounts(history, TREND_WEEKS),
    trends: trendsOf(history, TREND_WEEKS),
    escalation: escalationNow(watches),
    streak: streakOf(history),
    helps: HELPS.map((kind) => {
      const own = helps.filter((help) => help.kind === kind);
      const worked = own.filter((help) => hasWorked(help, history.attempts, now) === true).length;
      return { kind, offered: own.length, worked };
    }).filter(({ offered }) => offered > 0),
  };
}

/** Weekdays in the order of a week that begins on this day (0 is Sunday). */
export function weekFrom(first: number): number[] {
  return Array.from({ length: 7 }, (_, i) => (first + i) % 7);
}

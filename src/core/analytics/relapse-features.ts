import type { Moment } from "../types.ts";
import { evidenceOf, type Watch } from "./escalation.ts";
import type { History } from "./history.ts";
import { type Help, hasWorked } from "./intervention.ts";
import { MINUTES_A_DAY, weekdayOf } from "./local-time.ts";

/**
 * What the risk is made of: the usual rate of four weeks, the last three days beside it, the last 24 hours, the time since
 * the last attempt, the weekday and the hour by the person's own pattern, late nights, escalation, help that failed.
 */
export const FEATURES = [
  "usual",
  "recent",
  "today",
  "since",
  "weekday",
  "hour",
  "lateNight",
  "escalation",
  "failedHelp",
] as const;
export type Feature = (typeof FEATURES)[number];
export type Features = Readonly<Record<Feature, number>>;

/** What is known, and since when; computed once for many moments. */
export interface Known {
  readonly history: History;
  /** `watchOf` the history: each one rests on the days before it alone. */
  readonly watches: readonly Watch[];
  readonly helps: readonly Help[];
}
/** A moment and what the local clock shows then. */
export type Instant = Pick<History, "now" | "today" | "minute">;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const USUAL_DAYS = 28;
const PATTERN_DAYS = 56;
const AHEAD_MINUTES = 180;

/** Every feature as it was at a moment; nothing after it is looked at. */
export function featuresAt({ history, watches, helps }: Known, { now, today, minute }: Instant): Features {
  const past = history.attempts.filter(({ at }) => at <= now);
  const known = Math.max(0, today - history.firstDay) + minute / MINUTES_A_DAY;
  const since = (ms: number) => past.filter(({ at }) => at > now - ms).length;
  const rate = (since(USUAL_DAYS * DAY_MS) + 1) / (Math.min(known, USUAL_DAYS) + 3);
  const last = past.at(-1)?.at ?? now - known * DAY_MS;
  const pattern = past.filter(({ day }) => day > today - PATTERN_DAYS);
  const span = Math.min(known, PATTERN_DAYS);
  return {
    usual: Math.log(rate),
    recent: Math.log((since(3 * DAY_MS) + 2 * rate) / (Math.min(known, 3) + 2) / rate),
    today: Math.log1p(since(DAY_MS)),
    since: Math.log1p(Math.min(now - last, USUAL_DAYS * DAY_MS) / HOUR_MS),
    weekday: weekdayFactor(pattern, span, today, minute),
    hour: hourFactor(pattern, minute),
    lateNight: Math.log1p(lateMinutes(history, today)),
    escalation: escalationAt(watches, today),
    failedHelp: Math.log1p(failures(helps, past, now)),
  };
}

/** Logarithm of how the next 24 hours' weekdays compare with all of them. */
function weekdayFactor(pattern: readonly { readonly day: number }[], span: number, today: number, minute: number) {
  const factor = (day: number) => {
    const own = pattern.filter((one) => weekdayOf(one.day) === weekdayOf(day)).length;
    return (own + 2) / (pattern.length / 7 + 2);
  };
  if (span < 7) return 0;
  const left = 1 - minute / MINUTES_A_DAY;
  return Math.log(left * factor(today) + (1 - left) * factor(today + 1));
}

/** Logarithm of how the next three hours compare with all of them. */
function hourFactor(pattern: readonly { readonly minute: number }[], minute: number): number {
  const ahead = pattern.filter((one) => (one.minute - minute + MINUTES_A_DAY) % MINUTES_A_DAY < AHEAD_MINUTES).length;
  return Math.log((ahead + 1) / ((pattern.length * AHEAD_MINUTES) / MINUTES_A_DAY + 1));
}

function escalationAt(watches: readonly Watch[], today: number): number {
  const last = watches.findLast(({ day }) => day < today);
  return last ? evidenceOf(last) : 0;
}

/** Active minutes between midnight and five, of the last three nights. */
function lateMinutes({ rows }: History, today: number): number {
  const nights = rows.filter(({ day }) => day > today - 3 && day <= today);
  return (
    nights.reduce((sum, { activeByHour }) => sum + activeByHour.slice(0, 5).reduce((a, b) => a + b, 0), 0) / 60_000
  );
}

function failures(helps: readonly Help[], past: readonly { readonly at: Moment }[], now: Moment): number {
  const week = helps.filter(({ at }) => at <= now && at > now - 7 * DAY_MS);
  return week.filter((help) => hasWorked(help, past, now) === false).length;
}

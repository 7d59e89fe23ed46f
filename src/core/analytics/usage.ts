import type { Category } from "../types.ts";
import type { DayTally } from "./day.ts";
import { dailyCounts, type History } from "./history.ts";
import type { HostClass } from "./host-class.ts";
import { weekdayOf } from "./local-time.ts";

/** Sums over some days. */
export interface Usage {
  /** Days of the span, whether anything happened on them or not. */
  readonly days: number;
  readonly judged: number;
  readonly acted: number;
  readonly attempts: number;
  readonly attemptMs: number;
  readonly activeMs: number;
  readonly sessions: number;
  readonly categories: Readonly<Partial<Record<Category, number>>>;
  readonly classes: Readonly<Partial<Record<HostClass, number>>>;
  readonly activeByClass: Readonly<Partial<Record<HostClass, number>>>;
}

/** What happened from day `from` to day `to`, both included. */
export function usageOf(history: History, from: number, to: number): Usage {
  const rows = history.rows.filter(({ day }) => day >= from && day <= to);
  const attempts = history.attempts.filter(({ day }) => day >= from && day <= to);
  const sum = (of: (row: DayTally) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    days: to - from + 1,
    judged: sum(({ judged }) => judged),
    acted: sum(({ acted }) => acted),
    attempts: attempts.length,
    attemptMs: attempts.reduce((total, { at, until }) => total + until - at, 0),
    activeMs: sum(({ activeByHour }) => activeByHour.reduce((total, ms) => total + ms, 0)),
    sessions: sum(({ sessions }) => sessions.length),
    categories: added(rows.map(({ categories }) => categories)),
    classes: added(rows.map(({ classes }) => classes)),
    activeByClass: added(rows.map(({ activeByClass }) => activeByClass)),
  };
}

function added<K extends string>(counts: readonly Readonly<Partial<Record<K, number>>>[]): Partial<Record<K, number>> {
  const total: Partial<Record<K, number>> = {};
  for (const one of counts) {
    for (const [key, value] of Object.entries(one) as [K, number][]) total[key] = (total[key] ?? 0) + value;
  }
  return total;
}

/** Attempts by weekday (0 is Sunday) and local hour, from day `from` on. */
export function heatOf({ attempts }: History, from: number): number[][] {
  const heat = Array.from({ length: 7 }, () => Array<number>(24).fill(0));
  for (const { day, minute } of attempts) {
    const row = heat[weekdayOf(day)];
    const hour = Math.floor(minute / 60);
    if (row && day >= from) row[hour] = (row[hour] ?? 0) + 1;
  }
  return heat;
}

/** Days without an attempt, counted without blame: an attempt ends no worth, it starts a new count. */
export interface Streak {
  /** Whole days behind us without one, today not counted. */
  readonly current: number;
  readonly longest: number;
  /** Of the last 30 days, or of those that are known. */
  readonly clear: number;
  readonly outOf: number;
}

const STREAK_WINDOW = 30;

export function streakOf(history: History): Streak {
  const counts = dailyCounts(history, history.firstDay, history.today);
  const past = counts.slice(0, -1);
  let longest = 0;
  let run = 0;
  for (const count of past) {
    run = count === 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  const recent = counts.slice(-STREAK_WINDOW);
  return {
    current: counts.at(-1) === 0 ? run : 0,
    longest,
    clear: recent.filter((count) => count === 0).length,
    outOf: recent.length,
  };
}

/** Attempts in each of the last `weeks` spans of seven days, oldest first; the last one ends today. */
export function weeklyCounts(history: History, weeks: number): number[] {
  const known = Math.min(weeks, Math.ceil((history.today - history.firstDay + 1) / 7));
  const counts = dailyCounts(history, history.today - 7 * known + 1, history.today);
  return Array.from({ length: known }, (_, week) =>
    counts.slice(7 * week, 7 * week + 7).reduce((total, count) => total + count, 0),
  );
}

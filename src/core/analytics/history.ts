import type { Moment } from "../types.ts";
import { type DayTally, type Encounter, joinEncounters, joined } from "./day.ts";

/** An encounter with its local day. */
export interface Attempt extends Encounter {
  readonly day: number;
}

/** What the analytics look at: a person's rows up to a moment. */
export interface History {
  readonly now: Moment;
  /** The local day and minute of `now`. */
  readonly today: number;
  readonly minute: number;
  /** The first local day that anything is known of. */
  readonly firstDay: number;
  /** By day, ascending; a day without a row is one on which nothing happened. */
  readonly rows: readonly DayTally[];
  /** Ascending. */
  readonly attempts: readonly Attempt[];
}

/** From so many withheld pictures on, meeting them counts as an attempt; fewer may lie on any page. */
const LEAST_SIGNS = 3;

/** An encounter that was no accident by the looks of it: an address was asked for, or several pictures were met. */
export function isAttempt({ signs, hasAddress, wasContinued }: Encounter): boolean {
  return hasAddress || wasContinued || signs >= LEAST_SIGNS;
}

/** Rows of any order, up to `now`; an encounter that midnight cut in two becomes one. */
export function historyOf(
  rows: readonly DayTally[],
  { now, today, minute }: Pick<History, "now" | "today" | "minute">,
): History {
  const sorted = rows.filter(({ day }) => day <= today).sort((a, b) => a.day - b.day);
  const met = sorted.flatMap(({ day, encounters }) => encounters.map((encounter) => ({ ...encounter, day })));
  const join = (a: Attempt, b: Attempt): Attempt => ({ ...joinEncounters(a, b), day: Math.min(a.day, b.day) });
  const attempts = joined<Attempt>(met, join).filter((one) => isAttempt(one) && one.at <= now);
  return { now, today, minute, firstDay: sorted[0]?.day ?? today, rows: sorted, attempts };
}

/** As it was known at an earlier moment. */
export function asOf(history: History, { now, today, minute }: Pick<History, "now" | "today" | "minute">): History {
  const attempts = history.attempts.filter(({ at }) => at <= now);
  return { ...history, now, today, minute, rows: history.rows.filter(({ day }) => day <= today), attempts };
}

/** How many attempts began on each day from `from` to `to`, both included. */
export function dailyCounts({ attempts }: Pick<History, "attempts">, from: number, to: number): number[] {
  const counts = Array<number>(Math.max(0, to - from + 1)).fill(0);
  for (const { day } of attempts) {
    if (day >= from && day <= to) counts[day - from] = (counts[day - from] ?? 0) + 1;
  }
  return counts;
}

import { ALL_PAGE_LABELS, type Described, type PageLabel } from "./page-labels.ts";
import type { Level } from "./policy.ts";

/** Some hours of some days. */
export interface Hours {
  /** 0 is Sunday, as in `Date`; the day on which the hours begin. None twice, ascending. */
  readonly days: readonly number[];
  /** Minutes since local midnight. Where `to` is not after `from`, it is meant on the next day. */
  readonly from: number;
  readonly to: number;
}

/** Hours at which the level is at least this one. */
export interface LevelRule extends Hours {
  readonly level: Level;
}

/** Hours at which pages that bear one of these labels are closed. */
export interface ClosingRule extends Hours {
  /** At least one, none twice. */
  readonly closes: readonly PageLabel[];
}

export type ScheduleRule = LevelRule | ClosingRule;

export const MAX_RULES = 20;
const A_DAY = 1_440;

/** What the clock on the wall shows. */
export interface WallTime {
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly minute: number;
}

/** Whether the hours of a rule are now. */
export function isNow({ days, from, to }: Hours, { weekday, minute }: WallTime): boolean {
  const isToday = days.includes(weekday);
  if (from < to) return isToday && from <= minute && minute < to;
  return (isToday && minute >= from) || (days.includes((weekday + 6) % 7) && minute < to);
}

/** Whether a rule closes pages, rather than raising the level. */
export function isClosing(rule: ScheduleRule): rule is ClosingRule {
  return "closes" in rule;
}

/** What a page bears that closes it now: the most probable of it; undefined where nothing does. */
export function closedFor(
  rules: readonly ScheduleRule[],
  described: readonly Described[],
  time: WallTime,
): Described | undefined {
  const closed = rules.filter(isClosing).filter((rule) => isNow(rule, time));
  return described
    .filter(({ label }) => closed.some(({ closes }) => closes.includes(label)))
    .toSorted((a, b) => b.score - a.score)[0];
}

/** Minutes, at least one, until a rule may begin or end the next time on any day; undefined where there is none. */
export function minutesToChange(rules: readonly Hours[], minute: number): number | undefined {
  if (rules.length === 0) return undefined;
  const edges = rules.flatMap(({ from, to }) => [from, to]);
  const waits = edges.map((edge) => ((edge - minute + A_DAY - 1) % A_DAY) + 1);
  return waits.reduce((a, b) => Math.min(a, b));
}

/** Whether a schedule from outside is sound; the caller knows the levels. */
export function isSchedule(value: unknown, levels: readonly string[]): value is readonly ScheduleRule[] {
  return Array.isArray(value) && value.length <= MAX_RULES && value.every((rule) => isRule(rule, levels));
}

function isRule(value: unknown, levels: readonly string[]): boolean {
  const { days, from, to, ...does } = (value ?? {}) as Partial<LevelRule & ClosingRule>;
  const isDay = (day: unknown, i: number, all: readonly unknown[]) =>
    Number.isInteger(day) &&
    (day as number) >= 0 &&
    (day as number) <= 6 &&
    (i === 0 || (all[i - 1] as number) < Number(day));
  const areDays = Array.isArray(days) && days.length > 0 && days.every(isDay);
  const areMinutes = [from, to].every((minute) => Number.isInteger(minute) && inDay(minute as number));
  return areDays && areMinutes && doesOneThing(does, levels);
}

function doesOneThing(does: Readonly<Record<string, unknown>>, levels: readonly string[]): boolean {
  const { level, closes } = does;
  if (Object.keys(does).length !== 1) return false;
  if (level !== undefined) return levels.includes(level as string);
  return (
    Array.isArray(closes) &&
    closes.length > 0 &&
    new Set(closes).size === closes.length &&
    closes.every((label) => ALL_PAGE_LABELS.includes(label))
  );
}

function inDay(minute: number): boolean {
  return minute >= 0 && minute < A_DAY;
}

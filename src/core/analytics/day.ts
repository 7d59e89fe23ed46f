import type { Category, Moment, Probability } from "../types.ts";
import type { HostClass } from "./host-class.ts";

/** A stretch of time, both ends included. */
export interface Stretch {
  readonly at: Moment;
  readonly until: Moment;
}

/** Signs of sexual content that followed one another closely: one meeting, however many pictures it had. */
export interface Encounter extends Stretch {
  /** Local wall clock when it began, minutes since midnight. */
  readonly minute: number;
  /** How many pictures or addresses were withheld. */
  readonly signs: number;
  /** The worst score. */
  readonly severity: Probability;
  /** An address was asked for, not only a picture met. */
  readonly hasAddress: boolean;
  /** The user went on all the same. */
  readonly wasContinued: boolean;
}

/**
 * All that the analytics keep of one local day: counts and moments, no host and no address. A day's size is bounded,
 * whatever its number of events, and the order in which they arrive does not matter.
 */
export interface DayTally {
  /** The local date as days since 1970-01-01. */
  readonly day: number;
  readonly judged: number;
  /** Everything that was not simply allowed; by category, by class of host, by local hour. */
  readonly acted: number;
  readonly categories: Readonly<Partial<Record<Category, number>>>;
  readonly classes: Readonly<Partial<Record<HostClass, number>>>;
  readonly actedByHour: readonly number[];
  /** In order, none within `SAME_MS` of another. */
  readonly encounters: readonly Encounter[];
  /** Time with a page in front and somebody there, in ms; by local hour and by class of host. */
  readonly activeByHour: readonly number[];
  readonly activeByClass: Readonly<Partial<Record<HostClass, number>>>;
  /** Active time without a pause of `SAME_MS`. */
  readonly sessions: readonly Stretch[];
}

/** What lies less than half an hour apart is one: the usual limit between sessions of use. */
export const SAME_MS = 30 * 60_000;

export function emptyDay(day: number): DayTally {
  const hours = Array<number>(24).fill(0);
  return {
    day,
    judged: 0,
    acted: 0,
    categories: {},
    classes: {},
    actedByHour: hours,
    encounters: [],
    activeByHour: hours,
    activeByClass: {},
    sessions: [],
  };
}

/** Joins what lies closer together than `SAME_MS`; the result does not depend on the order. */
export function joined<S extends Stretch>(stretches: readonly S[], join: (a: S, b: S) => S): S[] {
  const result: S[] = [];
  for (const next of stretches.toSorted((a, b) => a.at - b.at || a.until - b.until)) {
    const last = result.at(-1);
    if (last && next.at - last.until < SAME_MS) result[result.length - 1] = join(last, next);
    else result.push(next);
  }
  return result;
}

export function joinStretches(a: Stretch, b: Stretch): Stretch {
  return { at: Math.min(a.at, b.at), until: Math.max(a.until, b.until) };
}

export function joinEncounters(a: Encounter, b: Encounter): Encounter {
  const isFirst = a.at < b.at || (a.at === b.at && a.minute <= b.minute);
  return {
    ...joinStretches(a, b),
    minute: (isFirst ? a : b).minute,
    signs: a.signs + b.signs,
    severity: Math.max(a.severity, b.severity),
    hasAddress: a.hasAddress || b.hasAddress,
    wasContinued: a.wasContinued || b.wasContinued,
  };
}

/** Two parts of the same local day as one; the order does not matter. */
export function mergeDays(a: DayTally, b: DayTally): DayTally {
  return {
    day: a.day,
    judged: a.judged + b.judged,
    acted: a.acted + b.acted,
    categories: summed(a.categories, b.categories),
    classes: summed(a.classes, b.classes),
    actedByHour: a.actedByHour.map((count, hour) => count + (b.actedByHour[hour] ?? 0)),
    encounters: joined([...a.encounters, ...b.encounters], joinEncounters),
    activeByHour: a.activeByHour.map((ms, hour) => ms + (b.activeByHour[hour] ?? 0)),
    activeByClass: summed(a.activeByClass, b.activeByClass),
    sessions: joined([...a.sessions, ...b.sessions], joinStretches),
  };
}

type Counts<K extends string> = Readonly<Partial<Record<K, number>>>;

function summed<K extends string>(a: Counts<K>, b: Counts<K>): Counts<K> {
  const sums: Partial<Record<K, number>> = { ...a };
  for (const [key, count] of Object.entries(b) as [K, number][]) sums[key] = (sums[key] ?? 0) + count;
  return sums;
}

/** One row a day of parts in any order, ascending. */
export function mergedDays(parts: Iterable<DayTally>): DayTally[] {
  const days = new Map<number, DayTally>();
  for (const part of parts) {
    const known = days.get(part.day);
    days.set(part.day, known ? mergeDays(known, part) : part);
  }
  return [...days.values()].sort((a, b) => a.day - b.day);
}

import type { Random } from "../random.ts";
import { between, normal, oneOf } from "./chance.ts";

/** The kinds of invented persons: by when, how often and how evenly they meet what they would rather not. */
export const KINDS = [
  "evening",
  "night",
  "weekend",
  "lunch",
  "two-peaks",
  "binge",
  "rare",
  "any-time",
  "fading",
] as const;
export type Kind = (typeof KINDS)[number];

/** What makes an invented person; nothing of it is known to the models that are tried on them. */
export interface Person {
  readonly kind: Kind;
  /** Meetings a day, to begin with. */
  readonly rate: number;
  /** Local hours around which meetings gather; none where any hour will do. */
  readonly peaks: readonly number[];
  /** Deviation around a peak, in hours. */
  readonly width: number;
  /** Share of meetings that heed no peak. */
  readonly stray: number;
  /** A factor for each weekday; 0 is Sunday. */
  readonly weekdays: readonly number[];
  /** By how much a meeting raises the rate of the next hours, and for how long. */
  readonly echo: number;
  readonly echoHours: number;
  /** By how much hard days raise the rate. */
  readonly strain: number;
  /** Factor for each 30 days that pass. */
  readonly drift: number;
  readonly bedtime: number;
  readonly minutes: number;
  readonly severity: number;
  readonly escalation: Rise | null;
  readonly holidays: readonly Holiday[];
}

/** From a day on things get worse, over some days. */
export interface Rise {
  readonly day: number;
  readonly overDays: number;
  readonly rate: number;
  readonly minutes: number;
  readonly severity: number;
}

/** Days on which life is another one: less (away) or more (alone at home). */
export interface Holiday {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

const EVEN = [1, 1, 1, 1, 1, 1, 1];
const WEEKEND = [2.4, 0.45, 0.45, 0.45, 0.45, 1, 1.8];
const WORKDAYS = [0.15, 1.3, 1.3, 1.3, 1.3, 1.3, 0.35];

interface Habit {
  readonly rate: readonly [number, number];
  readonly peaks: (random: Random) => number[];
  readonly weekdays: readonly number[];
  readonly echo: number;
  readonly drift?: number;
}

const HABITS: Record<Kind, Habit> = {
  evening: { rate: [0.5, 1.4], peaks: (random) => [between(19.5, 22.5, random)], weekdays: EVEN, echo: 0.6 },
  night: { rate: [0.4, 1.2], peaks: (random) => [between(23.2, 26, random) % 24], weekdays: EVEN, echo: 0.8 },
  weekend: { rate: [0.35, 0.9], peaks: (random) => [between(14, 23, random)], weekdays: WEEKEND, echo: 0.6 },
  lunch: { rate: [0.4, 1], peaks: (random) => [between(11.5, 13.5, random)], weekdays: WORKDAYS, echo: 0.3 },
  "two-peaks": {
    rate: [0.6, 1.4],
    peaks: (random) => [between(6, 8.5, random), between(20.5, 23, random)],
    weekdays: EVEN,
    echo: 0.5,
  },
  binge: { rate: [0.15, 0.4], peaks: (random) => [between(20, 23.5, random)], weekdays: EVEN, echo: 5 },
  rare: { rate: [0.05, 0.18], peaks: (random) => [between(18, 23.5, random)], weekdays: EVEN, echo: 1 },
  "any-time": { rate: [0.4, 1.2], peaks: () => [], weekdays: EVEN, echo: 0.4 },
  fading: { rate: [0.8, 1.6], peaks: (random) => [between(20, 23, random)], weekdays: EVEN, echo: 0.6, drift: 0.7 },
};

/** Invents a person of a kind for so many days. @param isEscalating whether things get worse at some time */
export function invent(kind: Kind, days: number, isEscalating: boolean, random: Random): Person {
  const habit = HABITS[kind];
  return {
    kind,
    rate: between(...habit.rate, random),
    peaks: habit.peaks(random),
    width: between(0.8, 1.4, random),
    stray: between(0.1, 0.3, random),
    weekdays: habit.weekdays.map((factor) => factor * Math.exp(0.1 * normal(random))),
    echo: habit.echo * between(0.7, 1.3, random),
    echoHours: between(8, 30, random),
    strain: between(0.3, 0.7, random),
    drift: habit.drift ?? Math.exp(0.08 * normal(random)),
    bedtime: between(22.3, 24.2, random) + (kind === "night" ? 1.8 : 0),
    minutes: between(6, 22, random),
    severity: between(0.72, 0.88, random),
    escalation: isEscalating ? rise(days, random) : null,
    holidays: holidays(days, random),
  };
}

function rise(days: number, random: Random): Rise {
  return {
    day: Math.floor(between(0.4, 0.75, random) * days),
    overDays: between(1, 5, random),
    rate: between(2.5, 4.5, random),
    minutes: between(1.2, 2, random),
    severity: between(0.02, 0.1, random),
  };
}

/** About one in two months, of two to twelve days. */
function holidays(days: number, random: Random): Holiday[] {
  const found: Holiday[] = [];
  for (let day = between(10, 60, random); day < days; day += between(40, 90, random)) {
    const from = Math.floor(day);
    found.push({ from, to: from + Math.floor(between(2, 12, random)), rate: oneOf([0.1, 0.3, 1.4, 1.8], random) });
  }
  return found;
}

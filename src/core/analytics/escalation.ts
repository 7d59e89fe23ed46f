import { groupBy } from "../group.ts";
import { type Attempt, dailyCounts, type History } from "./history.ts";
import { weekdayOf } from "./local-time.ts";
import { median, type Trend, trendOf } from "./trend.ts";

/** A lasting change for the worse: when it was noticed, and the day on which it most likely began. */
export interface Escalation {
  readonly beganOn: number;
  readonly noticedOn: number;
}

/** Where the evidence for a change stands after one day, by either sum. */
export interface Watch {
  readonly day: number;
  readonly together: Evidence;
  readonly frequency: Evidence;
}
interface Evidence {
  /** In [0, 1]; at 1 it is an escalation, which is over at 0. */
  readonly share: number;
  /** The first day that it comes from. */
  readonly since: number;
}

/**
 * Sums of log-likelihood ratios at which an escalation is told of, chosen on simulated persons
 * (models/relapse-risk/MODEL_CARD.md): where frequency, duration and severity speak together, and frequency alone.
 */
export const LIMITS = { together: 2.7, frequency: 6 } as const;
export type Limits = Readonly<Record<keyof typeof LIMITS, number>>;
const LEAST_DAYS = 14;
/** The usual is learned from so many days, of which the last ones are left out: they may be the change itself. */
const BASELINE_DAYS = 56;
const LEFT_OUT_DAYS = 7;
/** An escalation is a doubling, or half an attempt a day more. */
const FACTOR = 2;
const LEAST_RISE = 0.5;
/** No single attempt says more than this. */
const MOST_DEVIATIONS = 2;
/** Of the evidence in how long and how bad an attempt was: those of a day are alike. */
const ASPECT_WEIGHT = 0.7;

/** What is usual for a person. */
interface Baseline {
  /** Attempts a day, and by which factor each weekday departs from that. */
  readonly rate: number;
  readonly weekdays: readonly number[];
  /** Variance beyond chance: var = mean + mean² · `spread`. */
  readonly spread: number;
  readonly duration: Typical;
  readonly severity: Typical;
}
interface Typical {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Page's cumulative sums over days: counts as negative binomial against twice the usual, and durations and severities as
 * normal against a shift of one deviation. A sum stops at its limit, so that it comes down soon when things get better.
 * Whole days alone are looked at.
 */
export function watchOf(history: History, limits: Limits = LIMITS): Watch[] {
  const first = history.firstDay + LEAST_DAYS;
  const counts = dailyCounts(history, history.firstDay, history.today - 1);
  const byDay = groupBy(history.attempts, ({ day }) => day);
  const watches: Watch[] = [];
  const none = { share: 0, since: first };
  let last: Watch = { day: first - 1, together: none, frequency: none };
  for (let day = first; day < history.today; day++) {
    const usual = baselineOf(history, counts, day);
    const frequency = evidenceOfCount(usual, counts[day - history.firstDay] ?? 0, weekdayOf(day));
    const together = frequency + evidenceOfAspects(usual, byDay.get(day) ?? []);
    last = {
      day,
      together: added(last.together, together / limits.together, day),
      frequency: added(last.frequency, frequency / limits.frequency, day),
    };
    watches.push(last);
  }
  return watches;
}

function added({ share, since }: Evidence, change: number, day: number): Evidence {
  return { share: Math.min(1, Math.max(0, share + change)), since: share === 0 ? day : since };
}

/** How near to an escalation a day is, in [0, 1]. */
export function evidenceOf({ together, frequency }: Watch): number {
  return Math.max(together.share, frequency.share);
}

/** Every escalation so far, oldest first; one that both sums tell of counts once. */
export function escalationsOf(watches: readonly Watch[]): Escalation[] {
  const found = [...risesOf(watches, "together"), ...risesOf(watches, "frequency")];
  const sorted = found.sort((a, b) => a.noticedOn - b.noticedOn);
  return sorted.filter(({ beganOn }, i) => {
    const before = sorted[i - 1];
    return !before || Math.abs(beganOn - before.beganOn) > SAME_CHANGE_DAYS;
  });
}

const SAME_CHANGE_DAYS = 10;

function risesOf(watches: readonly Watch[], by: keyof typeof LIMITS): Escalation[] {
  const found: Escalation[] = [];
  let isOn = false;
  for (const { day, [by]: evidence } of watches) {
    if (!isOn && evidence.share === 1) found.push({ beganOn: evidence.since, noticedOn: day });
    isOn = evidence.share === 1 || (isOn && evidence.share > 0);
  }
  return found;
}

/** The escalation that holds now, or null. */
export function escalationNow(watches: readonly Watch[]): Escalation | null {
  const last = escalationsOf(watches).at(-1);
  const isOver = !last || watches.some((watch) => watch.day > last.noticedOn && evidenceOf(watch) < 0.5);
  return isOver ? null : last;
}

function baselineOf({ firstDay, attempts }: History, counts: readonly number[], day: number): Baseline {
  const from = Math.max(firstDay, day - BASELINE_DAYS - LEFT_OUT_DAYS);
  const to = Math.max(from + LEAST_DAYS, day - LEFT_OUT_DAYS);
  const window = counts.slice(from - firstDay, Math.min(to, day) - firstDay);
  // As if one more fortnight of one attempt in three days had been seen: few days prove little.
  const rate = (sum(window) + 2) / (window.length + 6);
  const weekdays = Array.from({ length: 7 }, (_, weekday) => {
    const own = window.filter((_, i) => weekdayOf(from + i) === weekday);
    return (sum(own) + 3) / (rate * own.length + 3);
  });
  const mean = sum(window) / window.length;
  const variance = sum(window.map((count) => (count - mean) ** 2)) / window.length;
  const spread = Math.min(2, Math.max(0.1, (variance - mean) / Math.max(0.1, mean * mean)));
  const known = attempts.filter((one) => one.day >= from && one.day < to);
  return {
    rate,
    weekdays,
    spread,
    duration: typical(known.map(durationOf)),
    severity: typical(known.map(({ severity }) => severity)),
  };
}

/** Logarithm of minutes. */
function durationOf({ at, until }: Attempt): number {
  return Math.log(1 + (until - at) / 60_000);
}

/** Of too few values. */
const UNKNOWN = Number.POSITIVE_INFINITY;

function typical(values: readonly number[]): Typical {
  const mean = sum(values) / Math.max(1, values.length);
  const variance = sum(values.map((value) => (value - mean) ** 2)) / Math.max(1, values.length - 1);
  return { mean, deviation: values.length < 5 ? UNKNOWN : Math.max(0.1, Math.sqrt(variance)) };
}

function evidenceOfCount({ rate, weekdays, spread }: Baseline, count: number, weekday: number): number {
  const mean = rate * (weekdays[weekday] ?? 1);
  const raised = Math.max(FACTOR * mean, mean + LEAST_RISE);
  const size = 1 / spread;
  return count * Math.log(raised / mean) - (count + size) * Math.log((size + raised) / (size + mean));
}

function evidenceOfAspects({ duration, severity }: Baseline, attempts: readonly Attempt[]): number {
  return sum(attempts.map((one) => shift(durationOf(one), duration) + shift(one.severity, severity)));
}

/** The log-likelihood ratio of one deviation more, in part. */
function shift(value: number, { mean, deviation }: Typical): number {
  if (deviation === UNKNOWN) return 0;
  const ratio = (value - mean) / deviation - 0.5;
  return ASPECT_WEIGHT * Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, ratio));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What may escalate. Latency is the time between attempts in days: there a fall is the change for the worse. */
export const ASPECTS = ["frequency", "duration", "severity", "latency"] as const;
export type Aspect = (typeof ASPECTS)[number];

/** The trend of each aspect over the last `weeks` whole weeks; a week without attempts has no duration or severity. */
export function trendsOf(history: History, weeks: number): Record<Aspect, Trend> {
  const end = history.today;
  const known = Math.min(weeks, Math.floor((end - history.firstDay) / 7));
  const byWeek = Array.from({ length: known }, (_, week) => {
    const from = end - 7 * (known - week);
    return history.attempts.filter(({ day }) => day >= from && day < from + 7);
  });
  const met = byWeek.filter(({ length }) => length > 0);
  const over = (of: (attempt: Attempt) => number) => trendOf(met.map((attempts) => median(attempts.map(of))));
  return {
    frequency: trendOf(byWeek.map(({ length }) => length)),
    duration: over(({ at, until }) => (until - at) / 60_000),
    severity: over(({ severity }) => severity),
    latency: trendOf(gapsOf(history.attempts, end - 7 * known)),
  };
}

function gapsOf(attempts: readonly Attempt[], from: number): number[] {
  return attempts.slice(-120).flatMap((one, i, all) => {
    const before = all[i - 1];
    return before && before.day >= from ? [(one.at - before.at) / 86_400_000] : [];
  });
}

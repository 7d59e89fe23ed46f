import { groupBy } from "../group.ts";
import { type Attempt, dailyCounts, type History } from "./history.ts";
import { weekdayOf } from "./local-time.ts";
import { median, type Trend, trendOf } from "./trend.ts";

/** A lasting change for the worse: when it was noticed, and the day on which it most likely began. */
export interface Escalation {
  readonly beganOn: number;
  readonly noticedOn: number;
}

/** Where the evidence for a change stands after one day. */
export interface Watch {
  readonly day: number;
  /** Sum of log-likelihood ratios since it was last nothing; `ALARM` and above is an escalation. */
  readonly evidence: number;
  /** The first day of that sum. */
  readonly since: number;
}

/** Chosen on simulated persons (models/relapse-risk/MODEL_CARD.md). */
export const ALARM = 4.5;
const LEAST_DAYS = 14;
/** The usual is learned from so many days, of which the last ones are left out: they may be the change itself. */
const BASELINE_DAYS = 56;
const LEFT_OUT_DAYS = 7;
/** An escalation is a doubling, or half an attempt a day more. */
const FACTOR = 2;
const LEAST_RISE = 0.5;
const MOST_A_DAY = 3;

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
 * Page's cumulative sum over days: counts as negative binomial against twice the usual, and durations and severities as
 * normal against a shift of one deviation. Whole days alone are looked at.
 */
export function watchOf(history: History): Watch[] {
  const first = history.firstDay + LEAST_DAYS;
  const counts = dailyCounts(history, history.firstDay, history.today - 1);
  const byDay = groupBy(history.attempts, ({ day }) => day);
  const watches: Watch[] = [];
  let last: Watch = { day: first - 1, evidence: 0, since: first };
  for (let day = first; day < history.today; day++) {
    const baseline = baselineOf(history, counts, day);
    const change = evidenceOf(baseline, counts[day - history.firstDay] ?? 0, byDay.get(day) ?? [], weekdayOf(day));
    const evidence = Math.min(2 * ALARM, Math.max(0, last.evidence + change));
    last = { day, evidence, since: last.evidence === 0 ? day : last.since };
    watches.push(last);
  }
  return watches;
}

/** Every escalation so far, oldest first. One is over when its evidence has come down to nothing. */
export function escalationsOf(watches: readonly Watch[], alarm = ALARM): Escalation[] {
  const found: Escalation[] = [];
  let isOn = false;
  for (const { day, evidence, since } of watches) {
    if (!isOn && evidence >= alarm) found.push({ beganOn: since, noticedOn: day });
    isOn = evidence >= alarm || (isOn && evidence > 0);
  }
  return found;
}

/** The escalation that holds now, or null. */
export function escalationNow(watches: readonly Watch[]): Escalation | null {
  const last = escalationsOf(watches).at(-1);
  const isOver = last === undefined || watches.some(({ day, evidence }) => day > last.noticedOn && evidence === 0);
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

function evidenceOf(usual: Baseline, count: number, attempts: readonly Attempt[], weekday: number): number {
  const mean = usual.rate * (usual.weekdays[weekday] ?? 1);
  const raised = Math.max(FACTOR * mean, mean + LEAST_RISE);
  const size = 1 / usual.spread;
  const ofCount = count * Math.log(raised / mean) - (count + size) * Math.log((size + raised) / (size + mean));
  const ofAttempts = attempts.map(
    (one) => shift(durationOf(one), usual.duration) + shift(one.severity, usual.severity),
  );
  return Math.max(-MOST_A_DAY, Math.min(MOST_A_DAY, ofCount + sum(ofAttempts)));
}

/** A third of the log-likelihood ratio of one deviation more, since what one day holds is alike. */
function shift(value: number, { mean, deviation }: Typical): number {
  if (deviation === UNKNOWN) return 0;
  return Math.max(-1, Math.min(1, (value - mean) / deviation - 0.5)) / 3;
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

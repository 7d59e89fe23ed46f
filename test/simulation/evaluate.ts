import { type Escalation, escalationsOf } from "../../src/core/analytics/escalation.ts";
import { peakHourOf } from "../../src/core/analytics/peaks.ts";
import { logitOf, ownOffset, type Past, type RiskModel, riskFrom } from "../../src/core/analytics/relapse.ts";
import { featuresAt } from "../../src/core/analytics/relapse-features.ts";
import { sigmoid } from "../../src/core/math.ts";
import { seeded } from "../../src/core/random.ts";
import { DAY_MS, type Subject } from "./cohort.ts";
import type { Row } from "./fit.ts";
import { aucOf, eceOf, mean, type Scored } from "./measures.ts";

/** Every moment of a life at which the risk is asked for: each six hours of whole days, while the next 24 hours are known. */
export function momentsOf({ firstDay, days }: Subject, stepHours = 6) {
  const perDay = 24 / stepHours;
  return Array.from({ length: (days - 1) * perDay }, (_, i) => {
    const minute = (i % perDay) * stepHours * 60 + 90;
    const today = firstDay + Math.floor(i / perDay);
    return { today, minute, now: today * DAY_MS + minute * 60_000 };
  }).filter(({ now }) => now + DAY_MS <= (firstDay + days) * DAY_MS);
}

export function rowsOf(subject: Subject, person: number): Row[] {
  return momentsOf(subject).map((instant) => ({
    person,
    features: featuresAt(subject.known, instant),
    isPositive: countBetween(subject, instant.now, instant.now + DAY_MS) > 0,
  }));
}

function countBetween({ known }: Subject, from: number, to: number): number {
  return known.history.attempts.filter(({ at }) => at > from && at <= to).length;
}

/** One moment judged: by the model, by the model with the person's own past, by the same day of last week. */
export interface Judgement {
  readonly day: number;
  readonly isPositive: boolean;
  readonly model: number;
  readonly own: number;
  /** Attempts in the 24 hours that began at the same hour a week ago. */
  readonly lastWeek: number;
  /** Attempts in the last 24 hours. */
  readonly yesterday: number;
  readonly isWithin: boolean;
  readonly addsUp: boolean;
}

export function judge(model: RiskModel, subject: Subject): Judgement[] {
  const past = new Map<number, Past[]>();
  return momentsOf(subject).map((instant) => {
    const { now, minute, today } = instant;
    const features = featuresAt(subject.known, instant);
    const logit = logitOf(model, features);
    const before = past.get(minute) ?? [];
    const own = ownOffset(model, before.slice(-90));
    const isPositive = countBetween(subject, now, now + DAY_MS) > 0;
    // What is asked at the same hour tomorrow knows how today has ended.
    past.set(minute, [...before, { logit, hasAttempt: isPositive }]);
    const risk = riskFrom(model, features, own, today - subject.firstDay);
    return {
      day: today - subject.firstDay,
      isPositive,
      model: sigmoid(logit),
      own: sigmoid(logit + own.value),
      lastWeek: countBetween(subject, now - 7 * DAY_MS, now - 6 * DAY_MS),
      yesterday: countBetween(subject, now - DAY_MS, now),
      isWithin: risk.low <= risk.score && risk.score <= risk.high,
      addsUp: risk.base + risk.reasons.reduce((sum, { points }) => sum + points, 0) === risk.score,
    };
  });
}

type By = "model" | "own" | "lastWeek" | "yesterday";
const scored = (rows: readonly Judgement[], by: By): Scored[] =>
  rows.map((row) => ({ score: row[by], isPositive: row.isPositive }));

/** Over all moments together, and as the mean of each person's own. */
export function aucsOf(persons: readonly (readonly Judgement[])[], by: By) {
  const own = persons.map((rows) => aucOf(scored(rows, by))).filter((auc) => !Number.isNaN(auc));
  return { pooled: aucOf(scored(persons.flat(), by)), within: mean(own) };
}

export function calibrationOf(persons: readonly (readonly Judgement[])[], by: "model" | "own"): number {
  return eceOf(scored(persons.flat(), by));
}

/** How a peak was reported, against the hours that the person was made with. */
export function peakOutcome({ person, firstDay, known }: Subject, seed: number) {
  const peak = peakHourOf(known.history, firstDay, seeded(seed));
  const off = (hour: number) =>
    Math.min(...person.peaks.map((true_) => Math.min(Math.abs(hour - true_), 24 - Math.abs(hour - true_))));
  return {
    hasPeak: person.peaks.length > 0,
    isReported: peak !== null,
    offHours: peak && person.peaks.length > 0 ? off(peak.hour) : Number.NaN,
    attempts: known.history.attempts.length,
  };
}

/** Alarms before a change are false; the first after it finds it. Where nothing changes, every alarm is false. */
export function escalationOutcome({ person, firstDay, days, known }: Subject) {
  const found: readonly Escalation[] = escalationsOf(known.watches);
  const began = person.escalation && firstDay + person.escalation.day;
  const hit = began === null ? undefined : found.find(({ noticedOn }) => noticedOn >= began);
  const calmDays = began === null ? days : began - firstDay;
  const falseAlarms = found.filter(({ noticedOn }) => began === null || noticedOn < began).length;
  return {
    falseAlarms,
    calmDays,
    delayDays: hit && began !== null ? hit.noticedOn - began + 1 : null,
    onsetError: hit && began !== null ? hit.beganOn - began : null,
  };
}

import { sigmoid } from "../math.ts";
import type { Probability } from "../types.ts";
import { FEATURES, type Feature, type Features, featuresAt, type Instant, type Known } from "./relapse-features.ts";

/** A logistic model; its numbers are data (models/relapse-risk/model.json), fitted on invented persons. */
export interface RiskModel {
  readonly intercept: number;
  readonly weights: Readonly<Record<Feature, number>>;
  /** The average of each feature: where a reason's contribution is nothing. */
  readonly averages: Readonly<Record<Feature, number>>;
  /** Of intercept and weights, in the order of `FEATURES`, features less their averages. */
  readonly covariance: readonly (readonly number[])[];
  /** Variance of how far a person's own log-odds lie from what the model says. */
  readonly between: number;
}

/** A day that is over: what the model said of it, in log-odds, and whether there was an attempt. */
export interface Past {
  readonly logit: number;
  readonly hasAttempt: boolean;
}

/** How likely at least one attempt is in the next 24 hours. No clinical statement, and measured on invented persons alone. */
export interface Risk {
  /** 0 to 100. */
  readonly score: number;
  /** 90 of 100 such scores lie between these, if persons are as invented ones. */
  readonly low: number;
  readonly high: number;
  /** What it would be for the average; with the reasons' points it adds up to the score. */
  readonly base: number;
  /** Whole points, the weightiest first; `own` is how this person differs from what the features say. */
  readonly reasons: readonly { readonly name: Feature | "own"; readonly points: number }[];
  readonly daysKnown: number;
}

/** From so many days on the person's own past says more than others'. */
const LEAST_DAYS = 14;
const MOST_PAST_DAYS = 90;
const Z90 = 1.645;
const DAY_MS = 86_400_000;

export function logitOf({ intercept, weights, averages }: RiskModel, features: Features): number {
  return FEATURES.reduce((sum, name) => sum + weights[name] * (features[name] - averages[name]), intercept);
}

/** The days behind, each looked at as if it were still ahead, at the same time of day as `now`. */
export function pastOf(model: RiskModel, known: Known): Past[] {
  const { now, today, minute, firstDay, attempts } = known.history;
  const days = Math.min(MOST_PAST_DAYS, today - firstDay);
  return Array.from({ length: Math.max(0, days) }, (_, i) => {
    const at = now - (days - i) * DAY_MS;
    const logit = logitOf(model, featuresAt(known, { now: at, today: today - days + i, minute }));
    return { logit, hasAttempt: attempts.some((one) => one.at > at && one.at <= at + DAY_MS) };
  });
}

/** How far this person's log-odds lie from the model's (the most likely value, around 0 to begin with), and its variance. */
export function ownOffset({ between }: RiskModel, past: readonly Past[]): { value: number; variance: number } {
  if (past.length < LEAST_DAYS) return { value: 0, variance: between };
  let value = 0;
  let precision = 1 / between;
  for (let step = 0; step < 12; step++) {
    let slope = -value / between;
    precision = 1 / between;
    for (const { logit, hasAttempt } of past) {
      const p = sigmoid(logit + value);
      slope += Number(hasAttempt) - p;
      precision += p * (1 - p);
    }
    value += slope / precision;
  }
  return { value, variance: 1 / precision };
}

/** The risk of the next 24 hours, with its reasons and its uncertainty. */
export function riskOf(model: RiskModel, known: Known): Risk {
  const instant: Instant = known.history;
  const features = featuresAt(known, instant);
  return riskFrom(model, features, ownOffset(model, pastOf(model, known)), instant.today - known.history.firstDay);
}

export function riskFrom(
  model: RiskModel,
  features: Features,
  own: { readonly value: number; readonly variance: number },
  daysKnown: number,
): Risk {
  const parts = FEATURES.map((name) => ({
    name: name as Feature | "own",
    logit: model.weights[name] * (features[name] - model.averages[name]),
  }));
  parts.push({ name: "own", logit: own.value });
  const total = parts.reduce((sum, { logit }) => sum + logit, 0);
  const end = model.intercept + total;
  const deviation = Math.sqrt(varianceOf(model, features) + own.variance);
  const score = points(sigmoid(end));
  const base = points(sigmoid(model.intercept));
  // The average slope between base and score (integrated gradients, Sundararajan et al., 2017): shares that add up.
  const slope = Math.abs(total) < 1e-9 ? 0 : (score - base) / total;
  const whole = wholePoints(parts.map(({ logit }) => logit * slope));
  const reasons = parts.map(({ name }, i) => ({ name, points: whole[i] ?? 0 }));
  return {
    score,
    low: points(sigmoid(end - Z90 * deviation)),
    high: points(sigmoid(end + Z90 * deviation)),
    base,
    reasons: reasons.sort((a, b) => Math.abs(b.points) - Math.abs(a.points)),
    daysKnown,
  };
}

function points(p: Probability): number {
  return Math.round(100 * p);
}

function varianceOf({ covariance, averages }: RiskModel, features: Features): number {
  const x = [1, ...FEATURES.map((name) => features[name] - averages[name])];
  return x.reduce((sum, a, i) => sum + x.reduce((row, b, j) => row + a * b * (covariance[i]?.[j] ?? 0), 0), 0);
}

/** Whole numbers with the same sum, which must be one, each less than 1 from its value (largest remainders). */
function wholePoints(values: readonly number[]): number[] {
  const floors = values.map(Math.floor);
  const missing =
    Math.round(values.reduce((sum, value) => sum + value, 0)) - floors.reduce((sum, value) => sum + value, 0);
  const byRest = values.map((value, i) => ({ i, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest);
  for (const { i } of byRest.slice(0, missing)) floors[i] = (floors[i] ?? 0) + 1;
  return floors;
}

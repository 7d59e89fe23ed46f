import type { Probability } from "./types.ts";

const EPSILON = 1e-6;

/** Natural log-odds; the probability is kept 1e-6 away from 0 and 1 so that one opinion cannot outweigh all others. */
export function logit(p: Probability): number {
  const bounded = Math.min(1 - EPSILON, Math.max(EPSILON, p));
  return Math.log(bounded / (1 - bounded));
}

export function sigmoid(x: number): Probability {
  return 1 / (1 + Math.exp(-x));
}

/** The engine's own search makes no object of each number, as a loop does until it is compiled: 150,000 for a picture. */
export function areFinite(values: Float32Array): boolean {
  return ![Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].some((value) => values.includes(value));
}

/** `values[i]` counts `weights[i]` times. NaN when the weights sum to 0. */
export function weightedMean(values: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  let total = 0;
  for (const [i, value] of values.entries()) {
    const weight = weights[i] ?? 0;
    sum += weight * value;
    total += weight;
  }
  return sum / total;
}

/** Logits to probabilities that sum to 1. */
export function softmax(logits: Iterable<number> & ArrayLike<number>): number[] {
  const highest = Math.max(...logits);
  const raised = Array.from(logits, (logit) => Math.exp(logit - highest));
  const total = raised.reduce((sum, value) => sum + value, 0);
  return raised.map((value) => value / total);
}

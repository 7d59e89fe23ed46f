import { groupBy } from "../group.ts";
import type { Probability } from "../types.ts";

/** A trend without assumptions on how values are distributed. */
export interface Trend {
  /** Median change from one value to the next (Theil and Sen). */
  readonly slope: number;
  /** Share of pairs that rise less that of pairs that fall, in [−1, 1] (Kendall). */
  readonly tau: number;
  /** Two-sided, of the test by Mann and Kendall with its correction for ties; 1 below four values. */
  readonly p: Probability;
}

/** Values in order of time; meant for some dozens, since every pair is looked at. */
export function trendOf(values: readonly number[]): Trend {
  const slopes: number[] = [];
  let rising = 0;
  for (const [i, a] of values.entries()) {
    for (let j = i + 1; j < values.length; j++) {
      const change = (values[j] ?? 0) - a;
      rising += Math.sign(change);
      slopes.push(change / (j - i));
    }
  }
  if (values.length < 4) return { slope: 0, tau: 0, p: 1 };
  return { slope: median(slopes), tau: rising / slopes.length, p: twoSided(rising, varianceOf(values)) };
}

function varianceOf(values: readonly number[]): number {
  const n = values.length;
  const ties = [...groupBy(values, (value) => value).values()].map(({ length }) => length);
  const term = (t: number) => t * (t - 1) * (2 * t + 5);
  return (term(n) - ties.reduce((sum, t) => sum + term(t), 0)) / 18;
}

function twoSided(rising: number, variance: number): Probability {
  if (variance <= 0) return 1;
  const z = (Math.abs(rising) - 1) / Math.sqrt(variance);
  return z <= 0 ? 1 : Math.min(1, 2 * upperTail(z));
}

/** Of the standard normal distribution; Abramowitz and Stegun 26.2.17, to 7.5e-8. */
function upperTail(z: number): Probability {
  const t = 1 / (1 + 0.2316419 * z);
  const series = ((((1.330274429 * t - 1.821255978) * t + 1.781477937) * t - 0.356563782) * t + 0.31938153) * t;
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

import { groupBy } from "../group.ts";
import type { Random } from "../random.ts";
import { dailyCounts, type History } from "./history.ts";
import { MINUTES_A_DAY, weekdayOf } from "./local-time.ts";

/** The hour around which attempts gather. */
export interface PeakHour {
  /** Local hour with fraction, [0, 24). */
  readonly hour: number;
  /** Half of the interval around it, in hours, that 90 % of resampled histories fall into. */
  readonly within: number;
  /** How often chance alone gathers as much, in (0, 1]. */
  readonly p: number;
  /** How many times more attempts an hour there than on average. */
  readonly ratio: number;
}
export interface PeakDay {
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly p: number;
  readonly ratio: number;
}

/** A peak is one when chance does as much in fewer than 1 of 100 cases … */
const MAX_P = 0.01;
/** … and it stands out more than waking and sleeping alone would make it. */
const LEAST_RATIO = 2.5;
const LEAST_DAY_RATIO = 1.5;
const LEAST_ATTEMPTS = 12;
const LEAST_WEEKS = 4;
const DRAWS = 300;
const RESAMPLES = 100;
/** Quarters of an hour, smoothed by a normal curve of this many of them. */
const BINS = 96;
const WIDTH = 4;
const BIN_MINUTES = MINUTES_A_DAY / BINS;
const KERNEL = Array.from({ length: 6 * WIDTH + 1 }, (_, i) => Math.exp(-(((i - 3 * WIDTH) / WIDTH) ** 2) / 2));
const KERNEL_SUM = KERNEL.reduce((sum, value) => sum + value, 0);

/**
 * The peak hour, or null where there is none. The test keeps what belongs together: each day's attempts are turned around
 * the clock as a whole, so that one long night does not count as many. Its place's uncertainty comes from days drawn anew.
 */
export function peakHourOf({ attempts }: History, from: number, random: Random): PeakHour | null {
  const days = [
    ...groupBy(
      attempts.filter(({ day }) => day >= from),
      ({ day }) => day,
    ).values(),
  ].map((one) => one.map(({ minute }) => Math.floor(minute / BIN_MINUTES)));
  const count = days.reduce((sum, { length }) => sum + length, 0);
  if (count < LEAST_ATTEMPTS) return null;
  const found = top(days);
  let asHigh = 1;
  for (let draw = 0; draw < DRAWS; draw++) {
    const turned = days.map((bins) => {
      const shift = Math.floor(random() * BINS);
      return bins.map((bin) => (bin + shift) % BINS);
    });
    if (top(turned).height >= found.height) asHigh += 1;
  }
  const p = asHigh / (DRAWS + 1);
  const ratio = (found.height * BINS) / count;
  if (p >= MAX_P || ratio < LEAST_RATIO) return null;
  return { hour: hourOf(found.bin), within: spread(days, found.bin, random), p, ratio };
}

function hourOf(bin: number): number {
  return (((bin + 0.5) * BIN_MINUTES) / 60) % 24;
}

/** Where the smoothed histogram is highest, and its height in attempts a bin. */
function top(days: readonly (readonly number[])[]): { bin: number; height: number } {
  const counts = new Float64Array(BINS);
  for (const bins of days) for (const bin of bins) counts[bin] = (counts[bin] ?? 0) + 1;
  const smooth = smoothed(counts);
  const height = smooth.reduce((best, value) => Math.max(best, value), 0);
  return { bin: smooth.indexOf(height), height };
}

function smoothed(counts: Float64Array): Float64Array {
  const smooth = new Float64Array(BINS);
  for (const [bin, count] of counts.entries()) {
    if (count === 0) continue;
    for (const [i, weight] of KERNEL.entries()) {
      const at = (bin + i - 3 * WIDTH + BINS) % BINS;
      smooth[at] = (smooth[at] ?? 0) + (count * weight) / KERNEL_SUM;
    }
  }
  return smooth;
}

function spread(days: readonly (readonly number[])[], around: number, random: Random): number {
  const distances = Array.from({ length: RESAMPLES }, () => {
    const drawn = days.map(() => days[Math.floor(random() * days.length)] ?? []);
    const distance = Math.abs(top(drawn).bin - around);
    return Math.min(distance, BINS - distance);
  }).sort((a, b) => a - b);
  return ((distances[Math.ceil(0.9 * RESAMPLES) - 1] ?? 0) * BIN_MINUTES) / 60;
}

/** The weekday with the most attempts, or null where none stands out: days' counts are dealt out anew to see. */
export function peakDayOf(history: History, from: number, random: Random): PeakDay | null {
  const first = Math.max(from, history.firstDay);
  const counts = dailyCounts(history, first, history.today - 1);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length < 7 * LEAST_WEEKS || total < LEAST_ATTEMPTS) return null;
  const found = topDay(counts, first);
  let asHigh = 1;
  for (let draw = 0; draw < DRAWS; draw++) if (topDay(shuffled(counts, random), first).mean >= found.mean) asHigh += 1;
  const p = asHigh / (DRAWS + 1);
  const ratio = (found.mean * counts.length) / total;
  return p >= MAX_P || ratio < LEAST_DAY_RATIO ? null : { weekday: found.weekday, p, ratio };
}

function topDay(counts: readonly number[], first: number): { weekday: number; mean: number } {
  const sums = Array<number>(7).fill(0);
  const days = Array<number>(7).fill(0);
  for (const [i, count] of counts.entries()) {
    const weekday = weekdayOf(first + i);
    sums[weekday] = (sums[weekday] ?? 0) + count;
    days[weekday] = (days[weekday] ?? 0) + 1;
  }
  const means = sums.map((sum, weekday) => sum / (days[weekday] || 1));
  const mean = Math.max(...means);
  return { weekday: means.indexOf(mean), mean };
}

/** Fisher and Yates. */
function shuffled(values: readonly number[], random: Random): number[] {
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [result[i], result[other]] = [result[other] ?? 0, result[i] ?? 0];
  }
  return result;
}

/** One moment: the score that was given, and what came. */
export interface Scored {
  readonly score: number;
  readonly isPositive: boolean;
}

/** Area under the ROC curve by ranks; ties count half. NaN with one class alone. */
export function aucOf(rows: readonly Scored[]): number {
  const sorted = rows.toSorted((a, b) => a.score - b.score);
  let [ranks, positives] = [0, 0];
  for (let i = 0; i < sorted.length; ) {
    let end = i;
    while (end < sorted.length && sorted[end]?.score === sorted[i]?.score) end += 1;
    const hits = sorted.slice(i, end).filter(({ isPositive }) => isPositive).length;
    ranks += (hits * (i + 1 + end)) / 2;
    positives += hits;
    i = end;
  }
  const negatives = sorted.length - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Expected calibration error: ten bins of equal width, the mean distance weighted by their sizes. */
export function eceOf(rows: readonly Scored[]): number {
  const bins = Array.from({ length: 10 }, () => ({ score: 0, hits: 0 }));
  for (const { score, isPositive } of rows) {
    const bin = bins[Math.min(9, Math.floor(10 * score))];
    if (!bin) continue;
    bin.score += score;
    bin.hits += Number(isPositive);
  }
  return bins.reduce((sum, { score, hits }) => sum + Math.abs(score - hits), 0) / rows.length;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @throws RangeError for no values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * Linear between the order statistics (Hyndman & Fan, type 7).
 * @param at in [0, 1].
 * @throws RangeError for no values.
 */
export function quantile(values: readonly number[], at: number): number {
  if (values.length === 0) throw new RangeError("There is no quantile of no values.");
  const sorted = [...values].sort((a, b) => a - b);
  const place = at * (sorted.length - 1);
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low + (high - low) * (place - Math.floor(place));
}

/** Ours over the peer's, pair by pair: what slows both down at the time cancels out. */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((value, i) => value / (theirs[i] as number));
}

/**
 * The exact interval of Clopper and Pearson (1934) for a share of which `hits` of `count` were seen.
 * @param confidence two-sided.
 */
export function clopperPearson(hits: number, count: number, confidence = 0.95): { low: number; high: number } {
  const tail = (1 - confidence) / 2;
  const low = hits === 0 ? 0 : root((share) => upperTail(hits, count, share) - tail);
  const high = hits === count ? 1 : root((share) => tail - (1 - upperTail(hits + 1, count, share)));
  return { low, high };
}

/** P(X ≥ hits) for X binomial, summed in logarithms. */
function upperTail(hits: number, count: number, share: number): number {
  if (share <= 0) return hits <= 0 ? 1 : 0;
  if (share >= 1) return 1;
  let sum = 0;
  let term = count * Math.log1p(-share);
  for (let k = 0; k <= count; k++) {
    if (k >= hits) sum += Math.exp(term);
    term += Math.log((count - k) / (k + 1)) + Math.log(share) - Math.log1p(-share);
  }
  return Math.min(1, sum);
}

/** Where an increasing function of a share crosses zero, by bisection. */
function root(of: (share: number) => number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (of(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** "middle half 0.48–0.61, n = 40". */
export function spread(values: readonly number[], digits = 2): string {
  const [low, high] = [quantile(values, 0.25), quantile(values, 0.75)].map((value) => value.toFixed(digits));
  return `middle half ${low}–${high}, n = ${values.length}`;
}

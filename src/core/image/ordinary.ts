/**
 * How many of the ordinary photographs score lower: all that can be said of a score, since no pictures of the positive
 * kind can lawfully be had to make a probability of it.
 * @param ascending what the pipeline says of the photographs (`models/ordinary.json`).
 */
export function rankAmong(score: number, ascending: readonly number[]): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < score) low = middle + 1;
    else high = middle;
  }
  return low;
}

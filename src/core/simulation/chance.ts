import type { Random } from "../random.ts";

/** Of mean 0 and deviation 1 (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** How often something of this mean happens (Knuth); for small means. */
export function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-Math.min(mean, 30));
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

export function between(low: number, high: number, random: Random): number {
  return low + (high - low) * random();
}

export function oneOf<T>(values: readonly [T, ...T[]], random: Random): T {
  return values[Math.floor(random() * values.length)] ?? values[0];
}

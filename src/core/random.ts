/** Numbers in [0, 1). Like a clock, a source of chance is an argument wherever one is needed. */
export type Random = () => number;

/** The same numbers for the same seed (mulberry32, Tommy Ettinger); good enough for trials, never for secrets. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import { halved, type Thumbnail } from "./thumbnail.ts";

/** 64 bits as two unsigned 32-bit halves. */
export type PerceptualHash = readonly [high: number, low: number];

const SIDE = 32;
const KEPT = 8;

/**
 * The perceptual hash of a picture (Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010):
 * 64 low DCT-II frequencies of a 32 × 32 grid, each above or not above their median.
 * @param thumbnail of 64 cells a side.
 */
export function perceptualHash({ luma, side }: Pick<Thumbnail, "luma" | "side">): PerceptualHash {
  const frequencies = lowFrequencies(halved(luma, side));
  const median = frequencies.toSorted((a, b) => a - b)[Math.floor(frequencies.length / 2)] as number;
  let [high, low] = [0, 0];
  for (const [i, value] of frequencies.entries()) {
    if (value <= median) continue;
    if (i < 32) high |= 1 << (31 - i);
    else low |= 1 << (63 - i);
  }
  return [high >>> 0, low >>> 0];
}

/** Bits that differ, 0–64. */
export function hamming(a: PerceptualHash, b: PerceptualHash): number {
  return bits(a[0] ^ b[0]) + bits(a[1] ^ b[1]);
}

/** Horizontal frequencies 1–8 by vertical ones 0–7: the mean brightness is not among them. */
function lowFrequencies(grid: Float32Array): Float32Array {
  const rows = new Float32Array(SIDE * KEPT);
  for (let y = 0; y < SIDE; y++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += (grid[y * SIDE + x] as number) * cosine(u + 1, x);
      rows[y * KEPT + u] = sum;
    }
  }
  const out = new Float32Array(KEPT * KEPT);
  for (let v = 0; v < KEPT; v++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += (rows[y * KEPT + u] as number) * cosine(v, y);
      out[v * KEPT + u] = sum;
    }
  }
  return out;
}

const COSINES = Float64Array.from({ length: (KEPT + 1) * SIDE }, (_, i) =>
  Math.cos(((2 * (i % SIDE) + 1) * Math.floor(i / SIDE) * Math.PI) / (2 * SIDE)),
);

function cosine(frequency: number, at: number): number {
  return COSINES[frequency * SIDE + at] as number;
}

function bits(word: number): number {
  let rest = word >>> 0;
  let count = 0;
  for (; rest !== 0; count++) rest = (rest & (rest - 1)) >>> 0;
  return count;
}

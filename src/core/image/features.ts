import { isSkin } from "./skin.ts";
import type { Thumbnail } from "./thumbnail.ts";

/** What a picture is like in colour, texture and shape; see `FEATURES` for what each number says. */
export type Features = Readonly<Record<keyof typeof FEATURES, number>>;

interface Facts {
  readonly thumbnail: Thumbnail;
  readonly skin: readonly boolean[];
  readonly largest: readonly number[];
  readonly saturations: readonly number[];
  readonly steps: readonly Step[];
  /** Cells to each pair of neighbouring grey levels, eight levels. */
  readonly pairs: ReadonlyMap<number, number>;
}

/** How the luma rises at a cell, in 0–255 a cell. */
interface Step {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** Each from the 64 × 64 cells of a thumbnail, by the definition that is usual in the field. */
const FEATURES = {
  /** Mean luma, 0–255. */
  brightness: ({ thumbnail }: Facts) => mean(thumbnail.luma),
  /** Standard deviation of the luma. */
  contrast: ({ thumbnail }: Facts) => deviation(thumbnail.luma),
  /** Mean saturation (HSV), 0–1. */
  saturation: ({ saturations }: Facts) => mean(saturations),
  saturationSpread: ({ saturations }: Facts) => deviation(saturations),
  /** Hasler and Süsstrunk, 2003: 0 is grey, 100 is very colourful. */
  colourfulness: ({ thumbnail }: Facts) => colourfulness(thumbnail),
  /** Bits of twelve hues, weighted by saturation: 0 is one hue, 3.6 all alike. */
  hueEntropy: ({ thumbnail, saturations }: Facts) => entropy(hueHistogram(thumbnail, saturations)),
  /** Different colours at five bits a channel, in shares of all cells: drawings and charts have few. */
  palette: ({ thumbnail }: Facts) => palette(thumbnail) / thumbnail.luma.length,
  /** Share of cells within which nothing goes on. */
  flatness: ({ thumbnail }: Facts) => share(thumbnail.detail, (value) => value < 1),
  /** Mean spread of the luma inside a cell: fine texture. */
  detail: ({ thumbnail }: Facts) => mean(thumbnail.detail),
  /** Share of cells with a clear step to their neighbours. */
  edges: ({ steps }: Facts) => share(steps, ({ size }) => size > EDGE),
  /** Bits of eight directions of those steps: 3 is no direction. */
  edgeEntropy: ({ steps }: Facts) => entropy(directions(steps)),
  /** Haralick, 1973, on eight grey levels, to the right and down. */
  textureContrast: ({ pairs }: Facts) => haralick(pairs, (distance) => distance ** 2),
  textureHomogeneity: ({ pairs }: Facts) => haralick(pairs, (distance) => 1 / (1 + distance)),
  textureEnergy: ({ pairs }: Facts) => sum([...pairs.values()].map((p) => p * p)),
  /** Bits of the luma's histogram of 32 steps. */
  lumaEntropy: ({ thumbnail }: Facts) => entropy(histogram(thumbnail.luma, 32, 256)),
  /** Share of cells in skin tones; see `isSkin` for what that is worth. */
  skin: ({ skin }: Facts) => share(skin, Boolean),
  /** Share of the middle quarter in skin tones. */
  skinInCentre: ({ skin, thumbnail: { side } }: Facts) => share(centre(skin, side), Boolean),
  /** Share of the largest patch in skin tones. */
  skinPatch: ({ largest, skin }: Facts) => largest.length / skin.length,
  /** How far the largest patch fills its bounding box: bodies less than walls. */
  skinExtent: ({ largest, thumbnail: { side } }: Facts) => extent(largest, side),
  /** Mean difference of mirrored cells, left to right, 0–255. */
  asymmetry: ({ thumbnail }: Facts) => asymmetry(thumbnail),
  aspect: ({ thumbnail }: Facts) => thumbnail.aspect,
} as const;

const EDGE = 24;

export function featuresOf(thumbnail: Thumbnail): Features {
  const skin = cells(thumbnail, (r, g, b) => isSkin(r, g, b));
  const facts = {
    thumbnail,
    skin,
    largest: largestPatch(skin, thumbnail.side),
    saturations: cells(thumbnail, saturation),
    steps: stepsOf(thumbnail),
    pairs: pairsOf(thumbnail),
  };
  const values = Object.entries(FEATURES).map(([name, measure]) => [name, measure(facts)]);
  return Object.fromEntries(values);
}

function cells<T>({ rgb }: Thumbnail, see: (r: number, g: number, b: number) => T): T[] {
  const seen: T[] = [];
  for (let i = 0; i < rgb.length; i += 3) seen.push(see(rgb[i] as number, rgb[i + 1] as number, rgb[i + 2] as number));
  return seen;
}

function saturation(r: number, g: number, b: number): number {
  const most = Math.max(r, g, b);
  return most < 1 ? 0 : (most - Math.min(r, g, b)) / most;
}

function colourfulness(thumbnail: Thumbnail): number {
  const rg = cells(thumbnail, (r, g) => r - g);
  const yb = cells(thumbnail, (r, g, b) => (r + g) / 2 - b);
  return Math.hypot(deviation(rg), deviation(yb)) + 0.3 * Math.hypot(mean(rg), mean(yb));
}

function hueHistogram(thumbnail: Thumbnail, saturations: readonly number[]): number[] {
  const bins = new Array<number>(12).fill(0);
  for (const [i, hue] of cells(thumbnail, hueOf).entries()) {
    const bin = Math.min(11, Math.floor(hue * 12));
    bins[bin] = (bins[bin] as number) + (saturations[i] as number);
  }
  return bins;
}

/** In turns, 0–1. */
function hueOf(r: number, g: number, b: number): number {
  const turn = Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b) / (2 * Math.PI);
  return turn < 0 ? turn + 1 : turn;
}

function palette(thumbnail: Thumbnail): number {
  return new Set(cells(thumbnail, (r, g, b) => ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3))).size;
}

function stepsOf({ luma, side }: Thumbnail): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < luma.length; i++) {
    const here = luma[i] as number;
    const x = (i + 1) % side === 0 ? 0 : (luma[i + 1] as number) - here;
    const y = i + side >= luma.length ? 0 : (luma[i + side] as number) - here;
    steps.push({ x, y, size: Math.hypot(x, y) });
  }
  return steps;
}

function directions(steps: readonly Step[]): number[] {
  const bins = new Array<number>(8).fill(0);
  for (const { x, y, size } of steps) {
    const bin = Math.floor(((Math.atan2(y, x) + Math.PI) / (2 * Math.PI)) * 8) % 8;
    bins[bin] = (bins[bin] as number) + size;
  }
  return bins;
}

/** Shares of the pairs of neighbouring levels, by 8 · level + level. */
function pairsOf({ luma, side }: Thumbnail): Map<number, number> {
  const levels = Array.from(luma, (value) => Math.min(7, Math.floor(value / 32)));
  const neighbours: number[] = [];
  for (let i = 0; i < levels.length; i++) {
    if ((i + 1) % side !== 0) neighbours.push(8 * (levels[i] as number) + (levels[i + 1] as number));
    if (i + side < levels.length) neighbours.push(8 * (levels[i] as number) + (levels[i + side] as number));
  }
  const counts = new Map<number, number>();
  for (const pair of neighbours) counts.set(pair, (counts.get(pair) ?? 0) + 1 / neighbours.length);
  return counts;
}

function haralick(pairs: ReadonlyMap<number, number>, of: (distance: number) => number): number {
  return sum(Array.from(pairs, ([pair, p]) => p * of(Math.abs(Math.floor(pair / 8) - (pair % 8)))));
}

function centre<T>(values: readonly T[], side: number): T[] {
  const isInside = (at: number) => at >= side / 4 && at < (3 * side) / 4;
  return values.filter((_, i) => isInside(i % side) && isInside(Math.floor(i / side)));
}

/** The cells of the largest patch of neighbours. */
function largestPatch(isIn: readonly boolean[], side: number): number[] {
  const left = new Set(isIn.flatMap((value, i) => (value ? [i] : [])));
  let largest: number[] = [];
  for (const start of left) {
    const patch = takePatch(start, left, side);
    if (patch.length > largest.length) largest = patch;
  }
  return largest;
}

/** The patch of neighbours around a cell, which leaves the set. */
export function takePatch(start: number, left: Set<number>, side: number): number[] {
  const patch = [start];
  left.delete(start);
  for (const at of patch) {
    for (const next of neighboursOf(at, side)) if (left.delete(next)) patch.push(next);
  }
  return patch;
}

/** The cells to the left, right, above and below. */
function neighboursOf(at: number, side: number): number[] {
  const x = at % side;
  const across = [...(x > 0 ? [at - 1] : []), ...(x < side - 1 ? [at + 1] : [])];
  return [...across, at - side, at + side].filter((cell) => cell >= 0 && cell < side * side);
}

function extent(patch: readonly number[], side: number): number {
  if (patch.length === 0) return 0;
  const length = (values: readonly number[]) => Math.max(...values) - Math.min(...values) + 1;
  const box = length(patch.map((at) => at % side)) * length(patch.map((at) => Math.floor(at / side)));
  return patch.length / box;
}

function asymmetry({ luma, side }: Thumbnail): number {
  const mirrored = (i: number) => luma[i - (i % side) + (side - 1 - (i % side))] as number;
  return mean(Array.from(luma, (value, i) => Math.abs(value - mirrored(i))));
}

function histogram(values: Iterable<number>, bins: number, range: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor((value * bins) / range));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

/** Shannon's, in bits; 0 where there is nothing. */
function entropy(counts: readonly number[]): number {
  const total = sum(counts);
  const shares = counts.filter((count) => count > 0).map((count) => count / total);
  return -sum(shares.map((p) => p * Math.log2(p)));
}

function share<T>(values: ArrayLike<T>, isCounted: (value: T) => boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (isCounted(values[i] as T)) count++;
  return count / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total / values.length;
}

function deviation(values: ArrayLike<number>): number {
  const middle = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - middle) ** 2;
  return Math.sqrt(squares / values.length);
}

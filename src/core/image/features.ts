import { isSkin } from "./skin.ts";
import type { Thumbnail } from "./thumbnail.ts";

/** What a picture is like in colour, texture and shape; see `FEATURES` for what each number says. */
export type Features = Readonly<Record<keyof typeof FEATURES, number>>;

/** In typed arrays, a number a cell: an object for each would keep the collector of garbage busy. */
interface Facts {
  readonly thumbnail: Thumbnail;
  /** 1 in skin tones, else 0. */
  readonly skin: Float64Array;
  readonly largest: readonly number[];
  readonly colours: Colours;
  readonly steps: Steps;
  /** Shares of the pairs of neighbouring grey levels, by 8 · level + level. */
  readonly pairs: Float64Array;
}

/** Of each cell, of channels in 0–255. */
interface Colours {
  /** HSV's, 0–1. */
  readonly saturation: Float64Array;
  /** In turns, 0–1. */
  readonly hue: Float64Array;
  /** Opponent colours: red to green, yellow to blue. */
  readonly redGreen: Float64Array;
  readonly yellowBlue: Float64Array;
}

/** How the luma rises to the right, downwards and in all, in 0–255 a cell. */
interface Steps {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly size: Float64Array;
}

/** Each from the 64 × 64 cells of a thumbnail, by the definition that is usual in the field. */
const FEATURES = {
  /** Mean luma, 0–255. */
  brightness: ({ thumbnail }: Facts) => mean(thumbnail.luma),
  /** Standard deviation of the luma. */
  contrast: ({ thumbnail }: Facts) => deviation(thumbnail.luma),
  /** Mean saturation (HSV), 0–1. */
  saturation: ({ colours }: Facts) => mean(colours.saturation),
  saturationSpread: ({ colours }: Facts) => deviation(colours.saturation),
  /** Hasler and Süsstrunk, 2003: 0 is grey, 100 is very colourful. */
  colourfulness: ({ colours }: Facts) => colourfulness(colours),
  /** Bits of twelve hues, weighted by saturation: 0 is one hue, 3.6 all alike. */
  hueEntropy: ({ colours }: Facts) => entropy(hueHistogram(colours)),
  /** Different colours at five bits a channel, in shares of all cells: drawings and charts have few. */
  palette: ({ thumbnail }: Facts) => palette(thumbnail) / thumbnail.luma.length,
  /** Share of cells within which nothing goes on. */
  flatness: ({ thumbnail }: Facts) => share(thumbnail.detail, (value) => value < 1),
  /** Mean spread of the luma inside a cell: fine texture. */
  detail: ({ thumbnail }: Facts) => mean(thumbnail.detail),
  /** Share of cells with a clear step to their neighbours. */
  edges: ({ steps }: Facts) => share(steps.size, (size) => size > EDGE),
  /** Bits of eight directions of those steps: 3 is no direction. */
  edgeEntropy: ({ steps }: Facts) => entropy(directions(steps)),
  /** Haralick, 1973, on eight grey levels, to the right and down. */
  textureContrast: ({ pairs }: Facts) => haralick(pairs, (distance) => distance ** 2),
  textureHomogeneity: ({ pairs }: Facts) => haralick(pairs, (distance) => 1 / (1 + distance)),
  textureEnergy: ({ pairs }: Facts) => haralick(pairs, (_, p) => p),
  /** Bits of the luma's histogram of 32 steps. */
  lumaEntropy: ({ thumbnail }: Facts) => entropy(histogram(thumbnail.luma, 32, 256)),
  /** Share of cells in skin tones; see `isSkin` for what that is worth. */
  skin: ({ skin }: Facts) => mean(skin),
  /** Share of the middle quarter in skin tones. */
  skinInCentre: ({ skin, thumbnail: { side } }: Facts) => meanOfCentre(skin, side),
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
  const skin = skinOf(thumbnail);
  const facts = {
    thumbnail,
    skin,
    largest: largestPatch(skin, thumbnail.side),
    colours: coloursOf(thumbnail),
    steps: stepsOf(thumbnail),
    pairs: pairsOf(thumbnail),
  };
  const values = Object.entries(FEATURES).map(([name, measure]) => [name, measure(facts)]);
  return Object.fromEntries(values);
}

function skinOf({ rgb, luma }: Thumbnail): Float64Array {
  const skin = new Float64Array(luma.length);
  for (let i = 0; i < skin.length; i++)
    skin[i] = isSkin(rgb[3 * i] as number, rgb[3 * i + 1] as number, rgb[3 * i + 2] as number) ? 1 : 0;
  return skin;
}

function coloursOf({ rgb, luma }: Thumbnail): Colours {
  const perCell = () => new Float64Array(luma.length);
  const colours = { saturation: perCell(), hue: perCell(), redGreen: perCell(), yellowBlue: perCell() };
  for (let i = 0; i < luma.length; i++) {
    const r = rgb[3 * i] as number;
    const g = rgb[3 * i + 1] as number;
    const b = rgb[3 * i + 2] as number;
    const most = Math.max(r, g, b);
    const turn = Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b) / (2 * Math.PI);
    colours.saturation[i] = most < 1 ? 0 : (most - Math.min(r, g, b)) / most;
    colours.hue[i] = turn < 0 ? turn + 1 : turn;
    colours.redGreen[i] = r - g;
    colours.yellowBlue[i] = (r + g) / 2 - b;
  }
  return colours;
}

function colourfulness({ redGreen, yellowBlue }: Colours): number {
  const spread = Math.hypot(deviation(redGreen), deviation(yellowBlue));
  return spread + 0.3 * Math.hypot(mean(redGreen), mean(yellowBlue));
}

function hueHistogram({ hue, saturation }: Colours): Float64Array {
  const bins = new Float64Array(12);
  for (let i = 0; i < hue.length; i++) add(bins, Math.min(11, Math.floor((hue[i] as number) * 12)), saturation[i]);
  return bins;
}

function add(bins: Float64Array, at: number, amount = 1): void {
  bins[at] = (bins[at] as number) + amount;
}

function palette({ rgb }: Thumbnail): number {
  const isMet = new Uint8Array(1 << 15);
  const level = (at: number) => (rgb[at] as number) >> 3;
  for (let i = 0; i < rgb.length; i += 3) isMet[(level(i) << 10) | (level(i + 1) << 5) | level(i + 2)] = 1;
  return share(isMet, Boolean) * isMet.length;
}

function stepsOf({ luma, side }: Thumbnail): Steps {
  const steps = {
    x: new Float64Array(luma.length),
    y: new Float64Array(luma.length),
    size: new Float64Array(luma.length),
  };
  for (let i = 0; i < luma.length; i++) {
    const here = luma[i] as number;
    const x = (i + 1) % side === 0 ? 0 : (luma[i + 1] as number) - here;
    const y = i + side >= luma.length ? 0 : (luma[i + side] as number) - here;
    steps.x[i] = x;
    steps.y[i] = y;
    steps.size[i] = Math.sqrt(x * x + y * y);
  }
  return steps;
}

function directions({ x, y, size }: Steps): Float64Array {
  const bins = new Float64Array(8);
  for (let i = 0; i < size.length; i++) {
    const turn = (Math.atan2(y[i] as number, x[i] as number) + Math.PI) / (2 * Math.PI);
    add(bins, Math.floor(turn * 8) % 8, size[i]);
  }
  return bins;
}

function pairsOf({ luma, side }: Thumbnail): Float64Array {
  const shares = new Float64Array(64);
  const level = (at: number) => Math.min(7, Math.floor((luma[at] as number) / 32));
  const part = 1 / (2 * side * (side - 1));
  for (let i = 0; i < luma.length; i++) {
    if ((i + 1) % side !== 0) add(shares, 8 * level(i) + level(i + 1), part);
    if (i + side < luma.length) add(shares, 8 * level(i) + level(i + side), part);
  }
  return shares;
}

function haralick(pairs: Float64Array, of: (distance: number, share: number) => number): number {
  let sum = 0;
  for (let i = 0; i < pairs.length; i++) {
    const part = pairs[i] as number;
    sum += part * of(Math.abs(Math.floor(i / 8) - (i % 8)), part);
  }
  return sum;
}

function meanOfCentre(values: Float64Array, side: number): number {
  let sum = 0;
  for (let y = side / 4; y < (3 * side) / 4; y++)
    for (let x = side / 4; x < (3 * side) / 4; x++) sum += values[y * side + x] as number;
  return sum / (side / 2) ** 2;
}

/** The cells of the largest patch of neighbours among those that are not 0. */
function largestPatch(isIn: Float64Array, side: number): number[] {
  const left = new Set<number>();
  for (let i = 0; i < isIn.length; i++) if (isIn[i] !== 0) left.add(i);
  let largest: number[] = [];
  for (const start of left) {
    const patch = takePatch(start, left, side);
    if (patch.length > largest.length) largest = patch;
  }
  return largest;
}

/** The patch of neighbours (to the left, right, above and below) around a cell, which leaves the set. */
export function takePatch(start: number, left: Set<number>, side: number): number[] {
  const patch = [start];
  left.delete(start);
  for (const at of patch) {
    const x = at % side;
    if (x > 0 && left.delete(at - 1)) patch.push(at - 1);
    if (x < side - 1 && left.delete(at + 1)) patch.push(at + 1);
    if (left.delete(at - side)) patch.push(at - side);
    if (left.delete(at + side)) patch.push(at + side);
  }
  return patch;
}

function extent(patch: readonly number[], side: number): number {
  if (patch.length === 0) return 0;
  const columns = patch.map((at) => at % side);
  const rows = patch.map((at) => Math.floor(at / side));
  return patch.length / (rangeOf(columns) * rangeOf(rows));
}

function rangeOf(values: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least + 1;
}

function asymmetry({ luma, side }: Thumbnail): number {
  let sum = 0;
  for (let i = 0; i < luma.length; i++) {
    const mirrored = i - (i % side) + (side - 1 - (i % side));
    sum += Math.abs((luma[i] as number) - (luma[mirrored] as number));
  }
  return sum / luma.length;
}

function histogram(values: Float32Array, bins: number, range: number): Float64Array {
  const counts = new Float64Array(bins);
  for (const value of values) add(counts, Math.min(bins - 1, Math.floor((value * bins) / range)));
  return counts;
}

/** Shannon's, in bits; 0 where there is nothing. */
function entropy(counts: Float64Array): number {
  const total = mean(counts) * counts.length;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

function share(values: ArrayLike<number>, isCounted: (value: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (isCounted(values[i] as number)) count++;
  return count / values.length;
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

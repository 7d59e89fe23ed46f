import type { ImageInput } from "../catalog.ts";
import { WardlightError } from "../errors.ts";
import type { Pixels } from "../types.ts";

/** Above this many pixels a picture is never unpacked whole: 80 MB of RGBA. */
export const MAX_PIXELS = 20_000_000;

/** Above this many pixels a picture is averaged down before anything looks at it: 16 MB of RGBA. */
const MAX_KEPT = 4_000_000;

/** How many pixels a side become one before a picture is looked at; 1 for all but very large ones. */
export function reductionOf(width: number, height: number): number {
  return Math.max(1, Math.ceil(Math.sqrt((width * height) / MAX_KEPT)));
}

/**
 * Averages squares of `factor` pixels a side to one, on white. What is left over on the right and below is dropped. A strip
 * of a picture whose height is a multiple of `factor` gives the strip of the result.
 */
export function reduced({ width, height, data }: Pixels, factor: number): Pixels {
  if (factor === 1) return { width, height, data };
  const [across, down] = [Math.floor(width / factor), Math.floor(height / factor)];
  const out = new Uint8ClampedArray(4 * across * down).fill(255);
  for (let y = 0, to = 0; y < down; y++) {
    for (let x = 0; x < across; x++, to += 4) {
      for (let c = 0; c < 3; c++) out[to + c] = meanOf(data, width, x * factor, y * factor, factor, c);
    }
  }
  return { width: across, height: down, data: out };
}

function meanOf(data: Uint8ClampedArray, width: number, left: number, top: number, side: number, c: number): number {
  let sum = 0;
  for (let y = top; y < top + side; y++) {
    for (let x = left; x < left + side; x++) sum += onWhite(data, y * width + x, c);
  }
  return sum / (side * side);
}

/** The picture at another size, opaque, by the resampler of `toTensor`, rounded to bytes. */
export function resampled(pixels: Pixels, width: number, height: number): Pixels {
  const input = { width, height, channels: "RGB", scale: 1, mean: [0, 0, 0] } as const;
  const planes = toTensor(pixels, input);
  const count = width * height;
  const data = new Uint8ClampedArray(4 * count).fill(255);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = planes[c * count + i] as number;
  }
  return { width, height, data };
}

type Preparation = Pick<ImageInput, "width" | "height" | "channels" | "scale" | "mean">;

/**
 * Resizes to the network's input and lays the channels out as planes. Transparency is composited on white, as a
 * page would show it. Deterministic: the product, `inspect` and calibration all go through here.
 *
 * The resampler is TensorFlow's `resizeBilinear` with aligned corners and no antialiasing, in single precision, since
 * the shipped network was published with it.
 * @returns float32 of length 3 · width · height.
 * @throws WardlightError `validation` for a picture without pixels or with too few bytes.
 */
export function toTensor(pixels: Pixels, input: Preparation): Float32Array {
  assertPixels(pixels);
  const { width, height, data } = pixels;
  const xs = axis(width, input.width);
  const ys = axis(height, input.height);
  const plane = input.width * input.height;
  const tensor = new Float32Array(3 * plane);
  const planes = input.channels === "RGB" ? [0, 1, 2] : [2, 1, 0];
  for (let y = 0, out = 0; y < input.height; y++) {
    const top = (ys.low[y] as number) * width;
    const bottom = (ys.high[y] as number) * width;
    const fy = ys.fraction[y] as number;
    for (let x = 0; x < input.width; x++, out++) {
      const left = xs.low[x] as number;
      const right = xs.high[x] as number;
      const fx = xs.fraction[x] as number;
      for (let c = 0; c < 3; c++) {
        const upper = mix(onWhite(data, top + left, c), onWhite(data, top + right, c), fx);
        const lower = mix(onWhite(data, bottom + left, c), onWhite(data, bottom + right, c), fx);
        const at = planes[c] as number;
        tensor[at * plane + out] = mix(upper, lower, fy) * input.scale - (input.mean[at] as number);
      }
    }
  }
  return tensor;
}

/** @throws WardlightError `validation` for a picture without pixels or with too few bytes. */
export function assertPixels({ width, height, data }: Pixels): void {
  if (width < 1 || height < 1 || data.length < 4 * width * height) {
    throw new WardlightError("validation", `The picture has no usable pixels (${width} × ${height}).`);
  }
}

/** For each output position the two source positions around it and the weight of the second. */
function axis(from: number, to: number) {
  const low = new Int32Array(to);
  const high = new Int32Array(to);
  const fraction = new Float32Array(to);
  const step = Math.fround(to > 1 ? (from - 1) / (to - 1) : 0);
  for (let i = 0; i < to; i++) {
    const at = Math.fround(i * step);
    low[i] = Math.min(Math.floor(at), from - 1);
    high[i] = Math.min(Math.ceil(at), from - 1);
    fraction[i] = at - Math.floor(at);
  }
  return { low, high, fraction };
}

/** A channel's byte (0–2: red, green, blue) as it looks on white; not rounded. */
export function onWhite(data: Uint8ClampedArray, pixel: number, channel: number): number {
  const alpha = data[4 * pixel + 3] as number;
  const value = data[4 * pixel + channel] as number;
  return alpha === 255 ? value : 255 + ((value - 255) * alpha) / 255;
}

function mix(a: number, b: number, weight: number): number {
  return a + (b - a) * weight;
}

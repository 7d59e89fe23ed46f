import type { ImageInput } from "../catalog.ts";
import { WardlightError } from "../errors.ts";
import type { Pixels } from "../types.ts";

/** Above this many pixels a picture is refused rather than copied: 80 MB of RGBA. */
export const MAX_PIXELS = 20_000_000;

/**
 * Resizes to the network's input and lays the channels out as planes. Transparency is composited on white, as a
 * page would show it. Deterministic: the product, `inspect` and calibration all go through here.
 *
 * The resampler is TensorFlow's `resizeBilinear` with aligned corners and no antialiasing, in single precision, since
 * the shipped network was published with it.
 * @returns float32 of length 3 · width · height.
 * @throws WardlightError `validation` for a picture without pixels or with too few bytes.
 */
export function toTensor(pixels: Pixels, input: ImageInput): Float32Array {
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
      const [left, right, fx] = [xs.low[x] as number, xs.high[x] as number, xs.fraction[x] as number];
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

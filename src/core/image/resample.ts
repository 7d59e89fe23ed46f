import type { PackInput } from "../pack.ts";
import type { Pixels } from "../types.ts";
import { assertPixels, onWhite, toTensor } from "./pixels.ts";

/** Three planes of bytes, not rounded, red first. */
interface Planes {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * Prepares a picture as a pack's card asks; the workshop does the same in `pack_input.py`. Transparency is composited on
 * white. `bilinear` and `bicubic` are Pillow's and torchvision's antialiased filters (bicubic after Keys 1981, a = −0.5),
 * held within bytes after each of the two passes, but not rounded.
 * @returns float32 of length 3 · width · height, in the card's layout.
 * @throws WardlightError `validation` for a picture without pixels or with too few bytes.
 */
export function toPackTensor(pixels: Pixels, input: PackInput): Float32Array {
  const { width, height, data } = fitted(pixels, input);
  const { channels, layout, mean, std, scale } = input;
  const plane = width * height;
  const [step, stride] = layout === "NCHW" ? [1, plane] : [3, 1];
  const tensor = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++) {
    const from = (channels === "RGB" ? c : 2 - c) * plane;
    const [shift, spread] = [mean[c] as number, std[c] as number];
    for (let i = 0; i < plane; i++)
      tensor[c * stride + i * step] = ((data[from + i] as number) * scale - shift) / spread;
  }
  return tensor;
}

function fitted(pixels: Pixels, { width, height, resize, fit }: PackInput): Planes {
  if (fit === "stretch") return resized(pixels, width, height, resize);
  const scale = Math.max(width / pixels.width, height / pixels.height);
  const wide = Math.max(width, Math.floor(pixels.width * scale + 0.5));
  const high = Math.max(height, Math.floor(pixels.height * scale + 0.5));
  return resizedMiddle(pixels, { wide, high, width, height }, resize);
}

function resized(pixels: Pixels, width: number, height: number, resize: PackInput["resize"]): Planes {
  return resizedMiddle(pixels, { wide: width, high: height, width, height }, resize);
}

/** The picture as if it were resized to wide × high, of which the middle width × height alone is computed. */
function resizedMiddle(
  pixels: Pixels,
  { wide, high, width, height }: { wide: number; high: number; width: number; height: number },
  resize: PackInput["resize"],
): Planes {
  if (resize === "bilinear-align-corners") {
    const whole = { width: wide, height: high, data: toTensor(pixels, bytesOf(wide, high)) };
    return middle(whole, width, height);
  }
  assertPixels(pixels);
  const [left, top] = [(wide - width) >> 1, (high - height) >> 1];
  const xs = taps(pixels.width, wide, resize).slice(left, left + width);
  const ys = taps(pixels.height, high, resize).slice(top, top + height);
  return down(along(pixels, xs), ys);
}

/** The input by which `toTensor` gives back bytes. */
function bytesOf(width: number, height: number) {
  const channels = "RGB" as const;
  const [resize, layout] = ["bilinear-align-corners", "NCHW"] as const;
  return { name: "", width, height, channels, scale: 1, mean: [0, 0, 0], resize, layout };
}

function middle({ width: wide, height: high, data }: Planes, width: number, height: number): Planes {
  if (wide === width && high === height) return { width, height, data };
  const [left, top] = [(wide - width) >> 1, (high - height) >> 1];
  const cut = new Float32Array(3 * width * height);
  for (let row = 0; row < 3 * height; row++) {
    const from = (Math.floor(row / height) * high + top + (row % height)) * wide + left;
    cut.set(data.subarray(from, from + width), row * width);
  }
  return { width, height, data: cut };
}

/** The source positions that go into one sample, from `first` on, and how much of each. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

const FILTERS = { bilinear: { curve: triangle, reach: 1 }, bicubic: { curve: cubic, reach: 2 } };

function taps(from: number, to: number, resize: keyof typeof FILTERS): Taps[] {
  const { curve, reach } = FILTERS[resize];
  const scale = from / to;
  const width = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach * width + 0.5));
    const end = Math.min(from, Math.floor(centre + reach * width + 0.5));
    const weights = Float64Array.from({ length: end - first }, (_, k) => curve((first + k + 0.5 - centre) / width));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  });
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

function cubic(signed: number): number {
  const x = Math.abs(signed);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? -0.5 * (((x - 5) * x + 8) * x - 4) : 0;
}

function along({ width, height, data }: Pixels, xs: readonly Taps[]): Planes {
  const out = new Float32Array(3 * height * xs.length);
  for (let row = 0, at = 0; row < 3 * height; row++) {
    const [channel, start] = [Math.floor(row / height), (row % height) * width];
    for (const { first, weights } of xs) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++)
        sum += (weights[k] as number) * onWhite(data, start + first + k, channel);
      out[at++] = clamped(sum);
    }
  }
  return { width: xs.length, height, data: out };
}

/** A bicubic curve may overshoot; bytes cannot. */
function clamped(value: number): number {
  return Math.min(255, Math.max(0, value));
}

function down({ width, height, data }: Planes, ys: readonly Taps[]): Planes {
  const out = new Float32Array(3 * width * ys.length);
  for (let c = 0, at = 0; c < 3; c++) {
    for (const { first, weights } of ys) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) {
          sum += (weights[k] as number) * (data[(c * height + first + k) * width + x] as number);
        }
        out[at++] = clamped(sum);
      }
    }
  }
  return { width, height: ys.length, data: out };
}

import { WardlightError } from "../errors.ts";
import type { Pixels } from "../types.ts";

/** A picture as `side` × `side` cells. Every pixel of it counts in one cell, so that nothing hides between samples. */
export interface Thumbnail {
  readonly side: number;
  /** Width by height of the picture itself. */
  readonly aspect: number;
  /** Mean colour of each cell on white: 0–255, RGB, row by row. */
  readonly rgb: Float32Array;
  /** Mean luma (BT.601) of each cell, 0–255. */
  readonly luma: Float32Array;
  /** Standard deviation of the luma within each cell, 0–127.5: what a mean alone would not show. */
  readonly detail: Float32Array;
}

/**
 * Averages a picture over a grid of cells.
 * @throws WardlightError `validation` for a picture without pixels.
 */
export function thumbnailOf({ width, height, data }: Pixels, side = 64): Thumbnail {
  if (width < 1 || height < 1 || data.length < 4 * width * height) {
    throw new WardlightError("validation", `The picture has no usable pixels (${width} × ${height}).`);
  }
  const rgb = new Float32Array(3 * side * side);
  const luma = new Float32Array(side * side);
  const detail = new Float32Array(side * side);
  for (let cell = 0; cell < side * side; cell++) {
    const [left, right] = span(cell % side, width, side);
    const [top, bottom] = span(Math.floor(cell / side), height, side);
    const { r, g, b, mean, deviation } = statistics(data, width, left, right, top, bottom);
    rgb.set([r, g, b], 3 * cell);
    luma[cell] = mean;
    detail[cell] = deviation;
  }
  return { side, aspect: width / height, rgb, luma, detail };
}

/** The pixels of one cell along one axis, at least one. */
function span(index: number, length: number, side: number): [from: number, to: number] {
  const from = Math.min(length - 1, Math.floor((index * length) / side));
  return [from, Math.max(from + 1, Math.floor(((index + 1) * length) / side))];
}

function statistics(data: Uint8ClampedArray, width: number, left: number, right: number, top: number, bottom: number) {
  let [r, g, b, sum, squares] = [0, 0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let at = 4 * (y * width + left), end = 4 * (y * width + right); at < end; at += 4) {
      const alpha = data[at + 3] as number;
      const white = 255 - alpha;
      const red = white + ((data[at] as number) * alpha) / 255;
      const green = white + ((data[at + 1] as number) * alpha) / 255;
      const blue = white + ((data[at + 2] as number) * alpha) / 255;
      const y601 = 0.299 * red + 0.587 * green + 0.114 * blue;
      r += red;
      g += green;
      b += blue;
      sum += y601;
      squares += y601 * y601;
    }
  }
  const count = (right - left) * (bottom - top);
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return { r: r / count, g: g / count, b: b / count, mean, deviation };
}

/** The same cells, four to one: half the side. */
export function halved(values: Float32Array, side: number, channels = 1): Float32Array {
  const half = side / 2;
  const out = new Float32Array(channels * half * half);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const to = channels * ((y >> 1) * half + (x >> 1));
      for (let c = 0; c < channels; c++) {
        out[to + c] = (out[to + c] as number) + (values[channels * (y * side + x) + c] as number) / 4;
      }
    }
  }
  return out;
}

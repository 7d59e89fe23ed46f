import type { Pixels } from "../../core/types.ts";
import type { Thumb } from "./scenes.ts";

export type Moving = HTMLVideoElement | HTMLCanvasElement;

const THUMB_SIDE = 16;
/** What the judge gets: more than its networks look at. */
const FRAME_SIDE_PX = 256;

/** What stands for pixels that the browser keeps to itself. */
export const UNREADABLE: Pixels = { width: 0, height: 0, data: new Uint8ClampedArray() };

export function sizeOf(source: Moving): { width: number; height: number } {
  return source instanceof HTMLVideoElement
    ? { width: source.videoWidth, height: source.videoHeight }
    : { width: source.width, height: source.height };
}

/** Undefined where the browser lets nobody read it: it comes from another site that does not share it. */
export function thumbOf(source: Moving): Thumb | undefined {
  const pixels = draw(source, THUMB_SIDE, THUMB_SIDE);
  return pixels && onWhite(pixels.data);
}

export function frameOf(source: Moving): Pixels {
  const { width, height } = sizeOf(source);
  const scale = Math.min(1, FRAME_SIDE_PX / Math.max(width, height));
  return draw(source, Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))) ?? UNREADABLE;
}

let paper: CanvasRenderingContext2D | null | undefined;

function draw(source: Moving, width: number, height: number): Pixels | undefined {
  paper ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!paper) return undefined;
  Object.assign(paper.canvas, { width, height });
  paper.imageSmoothingQuality = "medium";
  try {
    paper.drawImage(source, 0, 0, width, height);
    return { width, height, data: paper.getImageData(0, 0, width, height).data };
  } catch {
    // What was drawn on it once would spoil the paper for all others.
    paper = undefined;
    return undefined;
  }
}

function onWhite(data: Uint8ClampedArray): Uint8ClampedArray {
  const thumb = new Uint8ClampedArray((3 * data.length) / 4);
  for (let i = 0, out = 0; i < data.length; i += 4) {
    const alpha = (data[i + 3] as number) / 255;
    for (let c = 0; c < 3; c++) thumb[out++] = 255 + ((data[i + c] as number) - 255) * alpha;
  }
  return thumb;
}

import type { Detector, ImageSubject, Pixels, Signal } from "../types.ts";
import { resampled } from "./pixels.ts";

/** Most networks' input side; what is altered to deceive one is altered at that scale. */
const SIDE = 224;

/**
 * From here on a picture is rough enough to be looked at twice: the 95th percentile of the 150 ordinary photographs that
 * calibrate; of the other 150 it is 12.
 */
export const ROUGH_FROM = 14_000;

/**
 * Variance of the Laplacian (Pech-Pacheco et al., 2000) of the luma at the networks' scale, in squared 0–255 steps. Blur
 * makes it small; noise, and what is laid over a picture to deceive a network, make it large.
 */
export function roughness(pixels: Pixels): number {
  let sum = 0;
  let squares = 0;
  const inner = (SIDE - 2) ** 2;
  const columns = Int32Array.from({ length: SIDE }, (_, x) => sampleOf(x, pixels.width));
  const rowOf = (y: number, row: Float32Array = new Float32Array(SIDE)) =>
    lumaOf(pixels, sampleOf(y, pixels.height), columns, row);
  let [above, here, below] = [rowOf(0), rowOf(1), rowOf(2)];
  for (let y = 1; y < SIDE - 1; y++) {
    for (let x = 1; x < SIDE - 1; x++) {
      const around = near(here, x - 1) + near(here, x + 1) + near(above, x) + near(below, x);
      const value = around - 4 * near(here, x);
      sum += value;
      squares += value * value;
    }
    [above, here, below] = [here, below, rowOf(Math.min(y + 2, SIDE - 1), above)];
  }
  return squares / inner - (sum / inner) ** 2;
}

/**
 * Asks the network about a rough picture twice, the second time softened: blurred a little and shifted by a pixel, which
 * changes little of what a person sees and much of what was computed to deceive. The higher opinion counts, so that a
 * suspicion can only raise the action.
 */
export function doubting(network: Detector<ImageSubject>, roughFrom = ROUGH_FROM): Detector<ImageSubject> {
  return {
    ...network,
    async detect(subjects, signal) {
      const first = await network.detect(subjects, signal);
      const rough = subjects.map(({ pixels }) => roughness(pixels) >= roughFrom);
      const soft = subjects
        .filter((_, i) => rough[i])
        .map((subject) => ({ ...subject, pixels: softened(subject.pixels) }));
      const second = soft.length > 0 ? await network.detect(soft, signal) : [];
      let next = 0;
      return first.map((signals, i) => (rough[i] ? higher(signals, second[next++] ?? []) : signals));
    },
  };
}

function higher(sharp: readonly Signal[], soft: readonly Signal[]): Signal[] {
  return sharp.map((signal, i) => {
    const other = soft[i];
    if (!other || other.score <= signal.score) return signal;
    const value = `${signal.score.toFixed(3)} → ${other.score.toFixed(3)}`;
    return { ...other, evidence: [...other.evidence, { kind: "rule", rule: "softened", value }] };
  });
}

/** At the networks' scale: the mean of 1-2-1 by 1-2-1 neighbours, taken one pixel further right and down. */
export function softened(pixels: Pixels): Pixels {
  const { data } = resampled(pixels, SIDE, SIDE);
  return { width: SIDE, height: SIDE, data: blurred(blurred(data, 4, 4 * SIDE), 4 * SIDE, data.length) };
}

/** 1-2-1 of each value and the two that follow along an axis: `step` apart, in runs of `run`. */
function blurred(data: Uint8ClampedArray, step: number, run: number): Uint8ClampedArray {
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) {
    const last = i - (i % run) + run - step + (i % step);
    out[i] = (near(data, i) + 2 * near(data, Math.min(i + step, last)) + near(data, Math.min(i + 2 * step, last))) / 4;
  }
  return out;
}

/** Which of so many pixels stands for a place at the networks' scale: single ones, since means would be softer. */
function sampleOf(at: number, length: number): number {
  return Math.floor(((at + 0.5) * length) / SIDE);
}

function lumaOf({ width, data }: Pixels, y: number, columns: Int32Array, row: Float32Array): Float32Array {
  for (let x = 0; x < SIDE; x++) {
    const at = 4 * (y * width + (columns[x] as number));
    row[x] = 0.299 * near(data, at) + 0.587 * near(data, at + 1) + 0.114 * near(data, at + 2);
  }
  return row;
}

function near(values: Float32Array | Uint8ClampedArray, at: number): number {
  return values[at] as number;
}

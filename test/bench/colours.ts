import { colourAt } from "../fixtures/coverage.ts";

/** How pixels lie in memory, a byte for each channel. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next, and from one pixel to the next. */
  readonly stride: number;
  readonly step: number;
  /** Where the first pixel begins. */
  readonly offset: number;
  /** Bytes from a pixel's beginning to its red, green and blue. */
  readonly channels: readonly [number, number, number];
}

/**
 * A colour counts as seen when it fills a place: 100 pixels, of those in every other column and row, that have the same
 * colour so far to the left and above. Lines do not, such as the edges that browsers draw themselves.
 */
const MIN_PIXELS = 100;
const THICK_PX = 10;
/** JPEG keeps a flat colour to a few levels; the ways' colours lie 50 apart. */
const TOLERANCE = 8;

/** Level (0 to 3) of a way's colour that a byte stands for; −1 for none. */
const LEVELS = Int8Array.from({ length: 256 }, (_, value) => {
  const level = Math.round((value - 52) / 50);
  return level >= 0 && level <= 3 && Math.abs(value - 52 - 50 * level) <= TOLERANCE ? level : -1;
});

/** The colours of ways (see `colourAt`) that fill a place on a picture. */
export function coloursIn(data: Uint8Array, { width, height, stride, step, offset, channels }: Raster): Set<string> {
  const counts = new Uint32Array(64);
  const [red, green, blue] = channels;
  const colour = (at: number): number => {
    const r = LEVELS[data[at + red] as number] as number;
    const g = LEVELS[data[at + green] as number] as number;
    const b = LEVELS[data[at + blue] as number] as number;
    return Math.min(r, g, b) < 0 ? -1 : 16 * r + 4 * g + b;
  };
  for (let y = THICK_PX; y < height; y += 2) {
    const row = offset + y * stride;
    for (let at = row + THICK_PX * step; at < row + width * step; at += 2 * step) {
      const found = colour(at);
      if (found < 0 || found !== colour(at - THICK_PX * step) || found !== colour(at - THICK_PX * stride)) continue;
      (counts[found] as number)++;
    }
  }
  return new Set([...counts].flatMap((count, i) => (count >= MIN_PIXELS ? colourAt(i) : [])));
}

import { logit } from "../math.ts";
import type { Detector, ImageSubject, Pixels, Region } from "../types.ts";
import { takePatch } from "./features.ts";
import { resampled } from "./pixels.ts";

const SIDE = 224;
const GRID = 4;
/** A cell counts when hiding it costs at least this share of what hiding the costliest one costs. */
const SHARE = 0.5;
/** In log-odds: below this no cell explains anything. */
const LEAST_DROP = 0.5;
/** Evidence in more cells than this is everywhere. */
const MOST_CELLS = GRID * GRID * 0.5;
const GREY = 128;

/**
 * Where the evidence against a picture lies: each cell of a coarse grid is painted over in turn, and the fall of the
 * network's score is its heat (Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014). The
 * hottest cells, with half a cell around them, are the answer, but only if the network finds the rest of the picture
 * harmless without them: what is shown beside the regions has been judged.
 * @returns empty where the evidence is everywhere.
 */
export async function locate(
  network: Detector<ImageSubject>,
  { pixels, ...subject }: ImageSubject,
  harmlessBelow: number,
  signal: AbortSignal,
): Promise<Region[]> {
  const small = resampled(pixels, SIDE, SIDE);
  const variants = Array.from({ length: GRID * GRID }, (_, cell) => painted(small, [regionOf([cell], 0)]));
  const scores = await scoresOf(
    network,
    [small, ...variants].map((picture) => ({ ...subject, pixels: picture })),
    signal,
  );
  const whole = logit(scores[0] as number);
  const regions = hottest(scores.slice(1).map((score) => whole - logit(score)));
  if (regions.length === 0) return [];
  const [rest = 1] = await scoresOf(network, [{ ...subject, pixels: painted(small, regions) }], signal);
  return rest < harmlessBelow ? regions : [];
}

/** @param drops how far the score falls, in log-odds, without each cell of the grid. */
export function hottest(drops: readonly number[]): Region[] {
  const most = Math.max(...drops);
  const hot = new Set(drops.flatMap((drop, cell) => (most >= LEAST_DROP && drop >= SHARE * most ? [cell] : [])));
  if (hot.size > MOST_CELLS) return [];
  const regions: Region[] = [];
  for (const start of hot) regions.push(regionOf(takePatch(start, hot, GRID), 0.5));
  return regions;
}

/** The box around cells, with a margin in cells, inside the picture. */
function regionOf(cells: readonly number[], margin: number): Region {
  const columns = cells.map((cell) => cell % GRID);
  const rows = cells.map((cell) => Math.floor(cell / GRID));
  const from = (values: readonly number[]) => Math.max(0, (Math.min(...values) - margin) / GRID);
  const to = (values: readonly number[]) => Math.min(1, (Math.max(...values) + 1 + margin) / GRID);
  const [x, y] = [from(columns), from(rows)];
  return { x, y, width: to(columns) - x, height: to(rows) - y };
}

function painted({ width, height, data }: Pixels, regions: readonly Region[]): Pixels {
  const copy = data.slice();
  for (const region of regions) {
    const [left, right] = [region.x * width, (region.x + region.width) * width].map(Math.round) as [number, number];
    const [top, bottom] = [region.y * height, (region.y + region.height) * height].map(Math.round) as [number, number];
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) copy.fill(GREY, 4 * (y * width + x), 4 * (y * width + x) + 3);
    }
  }
  return { width, height, data: copy };
}

async function scoresOf(network: Detector<ImageSubject>, subjects: readonly ImageSubject[], signal: AbortSignal) {
  const found = await network.detect(subjects, signal);
  return found.map((signals) => Math.max(0, ...signals.map(({ score }) => score)));
}

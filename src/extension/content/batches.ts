import type { Sighting } from "../messages.ts";

const MAX_SIGHTINGS = 64;
/** Browsers refuse messages above 64 MB as a whole. */
const MAX_BYTES = 40 * 1024 * 1024;

/** Sightings in messages that the browser carries and the judge takes, in order. */
export function batchesOf(sightings: Iterable<Sighting>): Sighting[][] {
  const batches: Sighting[][] = [];
  let room = 0;
  for (const sighting of sightings) {
    const size = sizeOf(sighting);
    const last = batches.at(-1);
    if (last && last.length < MAX_SIGHTINGS && size <= room) last.push(sighting);
    else batches.push([sighting]);
    room = (batches.at(-1)?.length === 1 ? MAX_BYTES : room) - size;
  }
  return batches;
}

function sizeOf(sighting: Sighting): number {
  if (sighting.kind === "text") return 2 * sighting.text.length;
  const parts = (sighting.parts ?? []).reduce((sum, { src }) => sum + src.length, 0);
  return sighting.src.length + (sighting.bytes?.length ?? 0) + (sighting.pixels?.data.length ?? 0) + parts;
}

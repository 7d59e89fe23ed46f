import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { batchesOf } from "../../src/extension/content/batches.ts";
import type { Sighting } from "../../src/extension/messages.ts";
import { parseToJudge } from "../../src/extension/offscreen/sightings.ts";

vi.mock("webextension-polyfill", () => ({ default: {} }));

const MIB = 1024 * 1024;
const text = (i: number): Sighting => ({ kind: "text", id: `t${i}`, context: "page", text: "words" });
const files = [1, 9, 32].map((size) => new Uint8Array(size * MIB));
const image = (i: number, bytes?: Uint8Array): Sighting => ({
  kind: "image",
  id: `i${i}`,
  context: "page",
  src: "https://example.org/a.png",
  ...(bytes ? { bytes } : {}),
});

test("whatever waits, all of it goes in order, in messages that the browser carries and the judge takes", () => {
  const kinds = fc.array(fc.integer({ min: -5, max: 2 }), { maxLength: 300 });
  fc.assert(
    fc.property(kinds, (picks) => {
      const sightings = picks.map((pick, i) => (pick < -2 ? text(i) : image(i, files[pick])));
      const batches = batchesOf(sightings);
      expect(batches.flat().map(({ id }) => id)).toEqual(sightings.map(({ id }) => id));
      for (const batch of batches) {
        const bytes = batch.reduce((sum, one) => sum + (one.kind === "image" ? (one.bytes?.length ?? 0) : 0), 0);
        expect(batch.length === 1 || bytes <= 40 * MIB).toBe(true);
        expect(parseToJudge({ kind: "judge", sightings: batch })).toMatchObject({ refused: [] });
      }
    }),
    { numRuns: 30 },
  );
});

test("nothing makes no message, and a thousand pieces of text make few", () => {
  expect(batchesOf([])).toEqual([]);
  expect(batchesOf(Array.from({ length: 1_000 }, (_, i) => text(i)))).toHaveLength(16);
});

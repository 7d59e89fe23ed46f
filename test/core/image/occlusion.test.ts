import { expect, test } from "vitest";
import { hottest, locate } from "../../../src/core/image/occlusion.ts";
import type { Detector, ImageSubject, Pixels } from "../../../src/core/types.ts";

const { signal } = new AbortController();
/** Finds a picture the worse the more of it is red. */
const redness: Detector<ImageSubject> = {
  id: "image/red",
  kind: "image",
  categories: ["sexual"],
  detect: async (subjects) =>
    subjects.map(({ pixels: { data } }) => {
      let red = 0;
      for (let i = 0; i < data.length; i += 4) if ((data[i] ?? 0) > 180 && (data[i + 1] ?? 255) < 80) red++;
      const score = Math.min(0.99, (40 * red) / data.length);
      return [{ category: "sexual", score, detector: "image/red", model: "r@1", evidence: [] }];
    }),
};
function redIn(isRed: (x: number, y: number) => boolean): ImageSubject {
  const side = 64;
  const data = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let i = 0; i < side * side; i++) {
    data.set(isRed(i % side, Math.floor(i / side)) ? [220, 20, 20] : [120, 140, 160], 4 * i);
  }
  const pixels: Pixels = { width: side, height: side, data };
  return { kind: "image", id: "1", context: "page", pixels };
}

test("a spot is located, with a margin, inside the picture", async () => {
  const regions = await locate(
    redness,
    redIn((x, y) => x < 14 && y >= 50),
    0.1,
    signal,
  );
  expect(regions).toEqual([{ x: 0, y: 0.625, width: 0.375, height: 0.375 }]);
});

test("evidence everywhere is in no region", async () => {
  expect(
    await locate(
      redness,
      redIn(() => true),
      0.1,
      signal,
    ),
  ).toEqual([]);
});

test("a region does not count when what is left beside it is not harmless", async () => {
  const spotted = redIn((x, y) => (x < 16 && y < 16) || (x + y) % 11 === 0);
  expect(await locate(redness, spotted, 0.1, signal)).toEqual([]);
});

test("cells that touch are one region; a picture that nothing explains has none", () => {
  const drops = new Array<number>(16).fill(0);
  expect(hottest(drops)).toEqual([]);
  expect(hottest(drops.with(0, 3).with(1, 2).with(15, 2.5))).toEqual([
    { x: 0, y: 0, width: 0.625, height: 0.375 },
    { x: 0.625, y: 0.625, width: 0.375, height: 0.375 },
  ]);
});

import { expect, test, vi } from "vitest";
import { groupsOf } from "../../../src/extension/content/mosaics.ts";

// The messages' own module speaks to the browser; nothing here does.
vi.mock("webextension-polyfill", () => ({ default: {} }));

const tile = (left: number, top: number, side = 28) => ({
  box: { left, top, right: left + side, bottom: top + side, width: side, height: side } as DOMRect,
});
const grid = (columns: number, rows: number, step: number) =>
  Array.from({ length: columns * rows }, (_, i) => tile((i % columns) * step, Math.floor(i / columns) * step));

test.each([
  ["tiles edge to edge", grid(4, 4, 28), [16]],
  ["tiles a hair apart", grid(4, 4, 30), [16]],
  ["icons with room between them", grid(3, 2, 40), [1, 1, 1, 1, 1, 1]],
  ["two pictures", [...grid(2, 2, 28), tile(500, 0), tile(528, 0)], [4, 2]],
  ["a large tile beside a small one", [tile(0, 0, 400), tile(400, 100)], [2]],
])("%s", (_, tiles, sizes) => {
  expect(groupsOf(tiles).map((group) => group.length)).toEqual(sizes);
});

test("order makes no difference", () => {
  const tiles = grid(5, 5, 28);
  const shuffled = tiles.map((_, i) => tiles[(i * 7) % 25] as (typeof tiles)[number]);
  expect(groupsOf(shuffled).map((group) => group.length)).toEqual([25]);
});

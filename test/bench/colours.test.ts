import { expect, test } from "vitest";
import { colourAt } from "../fixtures/coverage.ts";
import { coloursIn } from "./colours.ts";

const RASTER = { width: 160, height: 120, stride: 640, step: 4, offset: 0, channels: [0, 1, 2] } as const;

/** White but for a box of one colour. */
function shotWith(colour: string, left: number, top: number, width: number, height: number): Uint8Array {
  const data = new Uint8Array(RASTER.stride * RASTER.height).fill(255);
  const rgb = [0, 2, 4].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  for (let y = top; y < top + height; y++)
    for (let x = left; x < left + width; x++) data.set(rgb, y * RASTER.stride + x * RASTER.step);
  return data;
}

test.each(Array.from({ length: 64 }, (_, i) => colourAt(i)))("%s is seen where it fills a place, alone", (colour) => {
  expect([...coloursIn(shotWith(colour, 33, 21, 40, 40), RASTER)]).toEqual([colour]);
});

test.each([
  ["a line down", [150, 0, 4, 120]],
  ["a line across", [0, 100, 160, 4]],
  ["a spot", [50, 50, 20, 20]],
] as const)("%s is no place", (_, [left, top, width, height]) => {
  expect(coloursIn(shotWith(colourAt(1), left, top, width, height), RASTER).size).toBe(0);
});

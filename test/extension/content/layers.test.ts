import { expect, test, vi } from "vitest";
import { type Layer, placesOf, split } from "../../../src/extension/content/layers.ts";

// The messages' own module speaks to the browser; nothing here does.
vi.mock("webextension-polyfill", () => ({ default: {} }));

const BOX = { x: 0, y: 0, width: 40, height: 30 };
const FILE = { width: 20, height: 10 };
const layer = (rest: Partial<Layer> = {}): Layer => ({ size: "auto", position: "0% 0%", repeat: "no-repeat", ...rest });
const places = (rest: Partial<Layer>, area = BOX) =>
  placesOf(layer(rest), area, BOX, FILE).map(({ x, y, width, height }) => [x, y, width, height]);

test.each([
  [{}, [[0, 0, 20, 10]]],
  [{ position: "100% 50%" }, [[20, 10, 20, 10]]],
  [{ position: "calc(100% - 5px) 4px" }, [[15, 4, 20, 10]]],
  [{ size: "cover" }, [[0, 0, 40, 30]]],
  [{ size: "contain", position: "50% 100%" }, [[0, 10, 40, 20]]],
  [{ size: "10px" }, [[0, 0, 10, 5]]],
  [{ size: "auto 100%", position: "0px 0px" }, [[0, 0, 40, 30]]],
  [{ size: "50% 10px" }, [[0, 0, 20, 10]]],
  [
    { repeat: "repeat-x", position: "10px 0px" },
    [
      [0, 0, 10, 10],
      [10, 0, 20, 10],
      [30, 0, 10, 10],
    ],
  ],
  [
    { repeat: "no-repeat repeat" },
    [
      [0, 0, 20, 10],
      [0, 10, 20, 10],
      [0, 20, 20, 10],
    ],
  ],
  [{ repeat: "repeat", size: "4px" }, []],
  [{ position: "50px 0px" }, []],
])("a layer %j is painted at %j", (rest, expected) => {
  expect(places(rest)).toEqual(expected);
});

test("size and position are counted from within the border, and the border is painted too", () => {
  const within = { x: 5, y: 5, width: 30, height: 20 };
  expect(places({ position: "100% 100%" }, within)).toEqual([[15, 15, 20, 10]]);
  expect(places({ position: "-10px 0px" }, within)).toEqual([[0, 5, 15, 10]]);
});

test("of a picture that reaches beyond its box the piece is told that is seen", () => {
  const [piece] = placesOf(layer({ position: "-10px -2px", size: "80px 40px" }), BOX, BOX, FILE);
  expect(piece).toEqual({ ...BOX, region: { x: 0.125, y: 0.05, width: 0.5, height: 0.75 } });
});

test.each([
  [
    'url("a,b"), linear-gradient(rgb(0, 0, 0), red), none',
    ",",
    ['url("a,b")', "linear-gradient(rgb(0, 0, 0), red)", "none"],
  ],
  ["calc(100% - 5px) 0%", " ", ["calc(100% - 5px)", "0%"]],
  ['url("a\\"),b")', ",", ['url("a\\"),b")']],
] as const)("%s is split where nothing is open", (value, at, parts) => {
  expect(split(value, at)).toEqual(parts);
});

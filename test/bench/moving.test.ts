import { expect, test } from "vitest";
import { exposures } from "./moving.bench.ts";

const frame = (at: number, level: number) => ({ at, colour: [level, level, level] as const });
const FRAMES = [frame(0, 10), frame(40, 12), frame(80, 200), frame(120, 201), frame(160, 90), frame(200, 90)];

test.each([
  ["covered before each cut", [{ at: 0, mark: null }], [0, 0, 0]],
  ["shown throughout", [{ at: 0, mark: "shown" }], [80, 80, 40]],
  [
    "covered 15 ms after the first cut, blurred 5 ms after the second",
    [
      { at: 0, mark: "wait" },
      { at: 30, mark: "shown" },
      { at: 95, mark: "wait" },
      { at: 150, mark: "shown" },
      { at: 165, mark: "blur" },
    ],
    [0, 15, 5],
  ],
])("of three scenes, %s", (_, marks, expected) => {
  expect(exposures({ frames: FRAMES, marks })).toEqual(expected);
});

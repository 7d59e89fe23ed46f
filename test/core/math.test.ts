import { expect, test } from "vitest";
import { areFinite } from "../../src/core/math.ts";

test.each<[readonly number[], boolean]>([
  [[], true],
  [[0, -1.5, 3e38], true],
  [[0, Number.NaN], false],
  [[Number.POSITIVE_INFINITY, 0], false],
  [[0, Number.NEGATIVE_INFINITY, 0], false],
])("%j are finite: %s", (values, expected) => {
  expect(areFinite(Float32Array.from(values))).toBe(expected);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { contrast, over, parseRgb } from "../../../src/extension/content/contrast.ts";

const colour = (r: number, g: number, b: number, a = 1) => ({ r, g, b, a });
const WHITE = colour(255, 255, 255);

test.each([
  ["rgb(1, 2, 3)", colour(1, 2, 3)],
  ["rgba(1, 2, 3, 0.5)", colour(1, 2, 3, 0.5)],
  ["rgb(1 2 3 / 0.25)", colour(1, 2, 3, 0.25)],
  ["oklab(0.9 0 0)", undefined],
  ["red", undefined],
])("%s is read", (css, wanted) => {
  expect(parseRgb(css)).toEqual(wanted);
});

// Ratios from the WCAG's own examples and from its formula by hand.
test.each([
  [colour(0, 0, 0), WHITE, 21],
  [colour(118, 118, 118), WHITE, 4.54],
  [colour(254, 254, 254), WHITE, 1.009],
  [colour(255, 0, 0), WHITE, 4],
])("contrast of %j and %j is %d", (one, other, ratio) => {
  expect(contrast(one, other)).toBeCloseTo(ratio, 2);
});

test("contrast is the same either way, lies between 1 and 21, and transparent ink has none", () => {
  const part = fc.integer({ min: 0, max: 255 });
  const opaque = fc.record({ r: part, g: part, b: part, a: fc.constant(1) });
  fc.assert(
    fc.property(opaque, opaque, (one, other) => {
      expect(contrast(one, other)).toBe(contrast(other, one));
      expect(contrast(one, other)).toBeGreaterThanOrEqual(1);
      expect(contrast(one, other)).toBeLessThanOrEqual(21);
      expect(contrast(over({ ...one, a: 0 }, other), other)).toBe(1);
      expect(over(one, other)).toEqual(one);
    }),
  );
});

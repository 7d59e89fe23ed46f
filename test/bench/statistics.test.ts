import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clopperPearson, median, quantile, ratios } from "./statistics.ts";

test.each([
  [[3], 0.5, 3],
  [[4, 1, 3, 2], 0.5, 2.5],
  [[1, 2, 3, 4, 5], 0.25, 2],
  [[10, 0], 0.95, 9.5],
])("of %j the %d quantile is %d", (values, at, expected) => {
  expect(quantile(values, at)).toBeCloseTo(expected, 12);
});

test("no values have no median", () => {
  expect(() => median([])).toThrow(RangeError);
});

test("a quantile lies within its values and grows", () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, at) => {
      const found = quantile(list, at);
      expect(found).toBeGreaterThanOrEqual(Math.min(...list));
      expect(found).toBeLessThanOrEqual(Math.max(...list));
      expect(quantile(list, Math.min(1, at + 0.1))).toBeGreaterThanOrEqual(found - 1e-9);
    }),
  );
});

test("ratios go pair by pair", () => {
  expect(ratios([1, 6], [2, 3])).toEqual([0.5, 2]);
});

describe("the exact interval", () => {
  // R: binom.test(hits, count)$conf.int
  test.each([
    [0, 150, 0, 0.0242927],
    [1, 150, 0.0001687723, 0.03659],
    [5, 50, 0.0332751, 0.2181354],
    [50, 50, 0.9288783, 1],
  ])("%d of %d: %d to %d", (hits, count, low, high) => {
    const interval = clopperPearson(hits, count);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test("holds the share that was seen, and narrows with the count", () => {
    const seen = fc
      .integer({ min: 1, max: 300 })
      .chain((count) => fc.tuple(fc.integer({ min: 0, max: count }), fc.constant(count)));
    fc.assert(
      fc.property(seen, ([hits, count]) => {
        const { low, high } = clopperPearson(hits, count);
        expect(low).toBeLessThanOrEqual(hits / count + 1e-9);
        expect(high).toBeGreaterThanOrEqual(hits / count - 1e-9);
        const longer = clopperPearson(2 * hits, 2 * count);
        expect(longer.high - longer.low).toBeLessThan(high - low);
      }),
    );
  });
});

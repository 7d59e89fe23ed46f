import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median, trendOf } from "../../../src/core/analytics/trend.ts";

describe("a trend", () => {
  test.each([
    // S = 10, var = 16.667; z = 2.2045.
    [[1, 2, 3, 4, 5], 1, 1, 0.0275],
    [[5, 4, 3, 2, 1], -1, -1, 0.0275],
    // S = 10, one tie of two: var = (6·5·17 − 2·1·9)/18 = 27.333; z = 1.7215.
    [[1, 3, 2, 3, 4, 3.5], 0.5, 10 / 15, 0.085],
    [[2, 2, 2, 2, 2], 0, 0, 1],
    [[1, 9], 0, 0, 1],
  ])("of %j rises by %d a step, tau %d, p %d", (values, slope, tau, p) => {
    const trend = trendOf(values);
    expect(trend.slope).toBeCloseTo(slope, 6);
    expect(trend.tau).toBeCloseTo(tau, 6);
    expect(trend.p).toBeCloseTo(p, 3);
  });

  test("turns round with its values, and does not heed their unit", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 4, maxLength: 30 }), (values) => {
        const [there, back] = [trendOf(values), trendOf(values.toReversed())];
        expect(back.slope).toBeCloseTo(-there.slope, 9);
        expect(back.p).toBeCloseTo(there.p, 9);
        expect(trendOf(values.map((value) => 3 * value)).slope).toBeCloseTo(3 * there.slope, 9);
        expect(there.p).toBeGreaterThanOrEqual(0);
        expect(there.p).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("the median is the middle", () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, Number.NaN]);
  });
});

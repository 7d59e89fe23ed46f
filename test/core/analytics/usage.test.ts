import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyDay } from "../../../src/core/analytics/day.ts";
import { asOf, historyOf } from "../../../src/core/analytics/history.ts";
import { heatOf, streakOf, usageOf, weeklyCounts } from "../../../src/core/analytics/usage.ts";
import { attempt, DAY_MS, FIRST, historyWith } from "./lives.ts";

describe("what counts as an attempt", () => {
  test.each([
    [{ signs: 2 }, 0],
    [{ signs: 3 }, 1],
    [{ signs: 1, hasAddress: true }, 1],
    [{ signs: 1, wasContinued: true }, 1],
  ])("%j: %i", (fields, count) => {
    expect(historyWith(1, [attempt(0, 12, fields)]).attempts).toHaveLength(count);
  });

  test("midnight does not cut one in two", () => {
    const late = attempt(0, 23.9);
    const early = attempt(1, 0.2, { severity: 0.95 });
    const { attempts } = historyWith(2, [late, early]);
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({
      day: FIRST,
      minute: late.minute,
      until: early.until,
      signs: 10,
      severity: 0.95,
    });
  });

  test("nothing after a moment is known at that moment", () => {
    const history = historyWith(10, [attempt(2, 12), attempt(5, 12), attempt(8, 12)]);
    const then = { now: (FIRST + 5) * DAY_MS + DAY_MS / 2, today: FIRST + 5, minute: 720 };
    expect(asOf(history, then).attempts).toHaveLength(2);
    expect(asOf(history, then).rows).toHaveLength(6);
  });
});

describe("sums and patterns", () => {
  const history = historyWith(15, [attempt(0, 9), attempt(7, 9), attempt(8, 22.5), attempt(14, 9.9)]);

  test("over some days", () => {
    const rows = [
      { ...emptyDay(FIRST), judged: 5, categories: { sexual: 2 }, activeByClass: { news: 3 } },
      { ...emptyDay(FIRST + 1), judged: 6, categories: { sexual: 1, phishing: 1 }, activeByClass: { news: 1 } },
    ] as const;
    const two = historyOf(rows, { now: (FIRST + 2) * DAY_MS, today: FIRST + 2, minute: 0 });
    expect(usageOf(two, FIRST, FIRST + 1)).toMatchObject({
      days: 2,
      judged: 11,
      categories: { sexual: 3, phishing: 1 },
      activeByClass: { news: 4 },
    });
    expect(usageOf(history, FIRST + 7, FIRST + 8)).toMatchObject({ attempts: 2, attemptMs: 1_200_000 });
  });

  test("by weekday and hour", () => {
    const heat = heatOf(history, 0);
    const weekday = (FIRST + 4) % 7;
    expect(heat[weekday]?.[9]).toBe(3);
    expect(heat[(weekday + 1) % 7]?.[22]).toBe(1);
    expect(heat.flat().reduce((sum, count) => sum + count, 0)).toBe(4);
  });

  test("by weeks that end today", () => {
    expect(weeklyCounts(history, 10)).toEqual([1, 2, 1]);
    expect(weeklyCounts(history, 1)).toEqual([1]);
  });
});

describe("a streak", () => {
  test("counts whole days behind, and the longest one stays", () => {
    const history = historyWith(40, [attempt(3, 12), attempt(20, 12), attempt(35, 12)]);
    expect(streakOf(history)).toEqual({ current: 4, longest: 16, clear: 28, outOf: 30 });
  });

  test("of nothing is nothing", () => {
    expect(streakOf(historyWith(0, []))).toEqual({ current: 0, longest: 0, clear: 1, outOf: 1 });
  });

  test("clear days and days with attempts are all days", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 29 }), { maxLength: 30 }), (days) => {
        const { clear, outOf, current, longest } = streakOf(
          historyWith(
            29,
            days.map((day) => attempt(day % 29, 12)),
          ),
        );
        expect(outOf - clear).toBe(new Set(days.map((day) => day % 29)).size);
        expect(current).toBeLessThanOrEqual(longest);
      }),
    );
  });
});

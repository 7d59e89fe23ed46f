import fc from "fast-check";
import { describe, expect, test } from "vitest";
import model from "../../../models/relapse-risk/model.json" with { type: "json" };
import { watchOf } from "../../../src/core/analytics/escalation.ts";
import { type History, historyOf } from "../../../src/core/analytics/history.ts";
import { ownOffset, pastOf, riskFrom, riskOf } from "../../../src/core/analytics/relapse.ts";
import { FEATURES, type Features, featuresAt } from "../../../src/core/analytics/relapse-features.ts";
import { attempt, DAY_MS, FIRST, historyWith } from "./lives.ts";

const known = (history: History) => ({ history, watches: watchOf(history), helps: [] });
const often = historyWith(
  60,
  Array.from({ length: 60 }, (_, day) => attempt(day, 21)),
);
const seldom = historyWith(60, [attempt(5, 21), attempt(31, 21)]);

describe("the risk of the next 24 hours", () => {
  test("is high for who meets it each evening, low for who seldom does", () => {
    expect(riskOf(model, known(often)).score).toBeGreaterThan(75);
    expect(riskOf(model, known(seldom)).score).toBeLessThan(15);
  });

  test("its reasons add up to the score, which lies within its interval, whatever is known", () => {
    const feature = fc.double({ min: -8, max: 8, noNaN: true });
    const features = fc.record(Object.fromEntries(FEATURES.map((name) => [name, feature]))) as fc.Arbitrary<Features>;
    const own = fc.record({ value: fc.double({ min: -2, max: 2, noNaN: true }), variance: fc.constant(0.1) });
    fc.assert(
      fc.property(features, own, (given, offset) => {
        const { score, low, high, base, reasons } = riskFrom(model, given, offset, 10);
        expect(base + reasons.reduce((sum, { points }) => sum + points, 0)).toBe(score);
        expect(low <= score && score <= high && low >= 0 && high <= 100).toBe(true);
        expect(reasons.every(({ points }) => Number.isInteger(points))).toBe(true);
      }),
    );
  });

  test("is surer the more days are known", () => {
    const width = (days: number) => {
      const { low, high } = riskOf(
        model,
        known(
          historyWith(
            days,
            Array.from({ length: days / 2 }, (_, i) => attempt(2 * i, 21)),
          ),
        ),
      );
      return high - low;
    };
    expect(width(60)).toBeLessThan(width(6));
  });

  test("can be told on the first day of all", () => {
    const nothing = historyOf([], { now: FIRST * DAY_MS, today: FIRST, minute: 0 });
    expect(riskOf(model, known(nothing)).daysKnown).toBe(0);
  });

  test("heeds nothing that comes later", () => {
    const then = { now: (FIRST + 30) * DAY_MS, today: FIRST + 30, minute: 0 };
    const later = historyWith(
      60,
      Array.from({ length: 60 }, (_, day) => (day < 30 ? attempt(day, 21) : attempt(day, 9))),
    );
    expect(featuresAt(known(later), then)).toEqual(
      featuresAt(known(historyWith(30, later.attempts.slice(0, 30))), then),
    );
  });
});

describe("the person's own past", () => {
  test("looks at each day as if it were still ahead", () => {
    const past = pastOf(model, known(seldom));
    expect(past).toHaveLength(60);
    expect(past.map(({ hasAttempt }) => hasAttempt).reduce((sum, hit) => sum + Number(hit), 0)).toBe(2);
  });

  test("moves the score the way the model was wrong, a little and only after two weeks", () => {
    const days = (count: number) => Array.from({ length: count }, () => ({ logit: 0, hasAttempt: true }));
    expect(ownOffset(model, days(13)).value).toBe(0);
    const [few, many] = [ownOffset(model, days(14)), ownOffset(model, days(90))];
    expect(few.value).toBeGreaterThan(0);
    expect(many.value).toBeGreaterThan(few.value);
    expect(many.variance).toBeLessThan(model.between);
  });
});

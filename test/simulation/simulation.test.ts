import { describe, expect, test } from "vitest";
import model from "../../models/relapse-risk/model.json" with { type: "json" };
import { seeded } from "../../src/core/random.ts";
import { KINDS } from "../../src/core/simulation/person.ts";
import { subject } from "./cohort.ts";
import { aucsOf, escalationOutcome, judge, peakOutcome, rowsOf } from "./evaluate.ts";
import { fitRisk } from "./fit.ts";
import { aucOf, eceOf } from "./measures.ts";

describe("the measures", () => {
  test.each([
    [[0.1, 0.4, 0.35, 0.8], [false, false, true, true], 0.75],
    [[0.5, 0.5], [false, true], 0.5],
    [[0.9, 0.1], [true, false], 1],
  ])("the area under the curve of %j, %j is %d", (scores, hits, auc) => {
    expect(aucOf(scores.map((score, i) => ({ score, isPositive: hits[i] ?? false })))).toBe(auc);
  });

  test("the calibration error weighs each bin by its size", () => {
    const rows = [0.2, 0.2, 0.2, 0.2, 0.9].map((score, i) => ({ score, isPositive: i === 0 || i === 4 }));
    expect(eceOf(rows)).toBeCloseTo((4 * 0.05 + 0.1) / 5, 9);
  });
});

describe("invented persons", () => {
  test("are the same for the same seed, and others for another", () => {
    expect(subject("binge", 30, true, 7).known.history.attempts).toEqual(
      subject("binge", 30, true, 7).known.history.attempts,
    );
    expect(subject("binge", 30, true, 8).person).not.toEqual(subject("binge", 30, true, 7).person);
  });

  test.each(KINDS)("of the kind %s live through ninety days", (kind) => {
    const { known } = subject(kind, 90, false, 3);
    expect(known.history.attempts.length).toBeGreaterThan(0);
    expect(known.history.rows.length).toBeGreaterThan(60);
  });
});

test("a fit finds the weights that rows were drawn with", () => {
  const random = seeded(1);
  const names = Object.keys(model.weights) as (keyof typeof model.weights)[];
  const rows = Array.from({ length: 4_000 }, (_, i) => {
    const features = Object.fromEntries(names.map((name) => [name, 2 * random() - 1])) as typeof model.weights;
    const logit = 0.5 + 1.5 * features.usual - features.since;
    return { person: i % 50, features, isPositive: random() < 1 / (1 + Math.exp(-logit)) };
  });
  const { weights, intercept } = fitRisk(rows);
  expect(weights.usual).toBeCloseTo(1.5, 0);
  expect(weights.since).toBeCloseTo(-1, 0);
  expect(Math.abs(weights.hour)).toBeLessThan(0.2);
  expect(intercept).toBeCloseTo(0.5, 0);
});

test("a small cohort comes near the card's figures", () => {
  const cohort = KINDS.flatMap((kind, i) => [0, 1, 2].map((n) => subject(kind, 90, false, 900 + 10 * i + n)));
  const peaks = cohort.map(peakOutcome).filter(({ hasPeak, isReported }) => hasPeak && isReported);
  expect(peaks.filter(({ offHours }) => offHours <= 1).length / peaks.length).toBeGreaterThan(0.9);
  const alarms = cohort.map((one) => escalationOutcome(one).falseAlarms).reduce((sum, count) => sum + count, 0);
  expect(alarms / cohort.length).toBeLessThan(1.5);
  const judged = cohort.map((one) => judge(model, one));
  expect(aucsOf(judged, "own").pooled).toBeGreaterThan(aucsOf(judged, "lastWeek").pooled + 0.05);
  expect(judged.flat().every(({ addsUp, isWithin }) => addsUp && isWithin)).toBe(true);
  expect(rowsOf(cohort[0] ?? subject("rare", 90, false, 1), 0)).toHaveLength(356);
});

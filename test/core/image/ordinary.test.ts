import fc from "fast-check";
import { expect, test } from "vitest";
import ordinary from "../../../models/ordinary.json" with { type: "json" };
import { rankAmong } from "../../../src/core/image/ordinary.ts";

test("the rank is the number of lower scores", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
      (score, all) => {
        const sorted = all.toSorted((a, b) => a - b);
        expect(rankAmong(score, sorted)).toBe(sorted.filter((other) => other < score).length);
      },
    ),
  );
});

test("the table holds one score a photograph, ascending", () => {
  const { photographs, scores } = ordinary;
  expect(scores).toHaveLength(photographs);
  expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  expect([rankAmong(0, scores), rankAmong(1, scores)]).toEqual([0, photographs]);
});

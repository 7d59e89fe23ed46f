import { describe, expect, test } from "vitest";
import { areBudgets, spentOf } from "../../../src/core/analytics/budget.ts";
import { emptyDay } from "../../../src/core/analytics/day.ts";

const MINUTE = 60_000;

describe("a time budget", () => {
  test.each([
    [{}, { social: 90 * MINUTE }, []],
    [{ social: 30 }, {}, []],
    [{ social: 30 }, { social: 30 * MINUTE - 1 }, []],
    [{ social: 30 }, { social: 30 * MINUTE }, ["social"]],
    [{ social: 30, video: 60 }, { social: 31 * MINUTE, video: 61 * MINUTE, news: 99 * MINUTE }, ["social", "video"]],
  ] as const)("%j after %j is used up for %j", (budgets, activeByClass, spent) => {
    expect(spentOf({ ...emptyDay(1), activeByClass }, budgets)).toEqual(spent);
  });

  test("a day of which nothing is known has used up nothing", () => {
    expect(spentOf(undefined, { social: 1 })).toEqual([]);
  });

  test.each([
    [{}, true],
    [{ social: 1, games: 1_440 }, true],
    [{ social: 0 }, false],
    [{ social: 1.5 }, false],
    [{ unsorted: 10 }, false],
    [{ adult: 10 }, false],
    [[], false],
    [null, false],
  ])("%j is sound: %s", (value, isSound) => {
    expect(areBudgets(value)).toBe(isSound);
  });
});

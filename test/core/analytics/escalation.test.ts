import { describe, expect, test } from "vitest";
import { escalationNow, escalationsOf, evidenceOf, trendsOf, watchOf } from "../../../src/core/analytics/escalation.ts";
import { attempt, FIRST, historyWith } from "./lives.ts";

/** One attempt a day but each third, and from a day on more. */
const worse = (days: number, from: number, hours: readonly number[], until = days) =>
  historyWith(
    days,
    Array.from({ length: days }, (_, day) => {
      const isWorse = day >= from && day < until;
      return (isWorse ? hours : day % 3 === 0 ? [] : [21]).map((hour) => attempt(day, hour));
    }).flat(),
  );

describe("an escalation", () => {
  test("is found within a week, with the day on which it began", () => {
    const [found, ...others] = escalationsOf(watchOf(worse(70, 50, [8, 13, 18, 22])));
    expect(others).toEqual([]);
    expect(found?.noticedOn).toBeLessThanOrEqual(FIRST + 56);
    expect(Math.abs((found?.beganOn ?? 0) - (FIRST + 50))).toBeLessThanOrEqual(2);
  });

  test("is none where all goes its usual way", () => {
    expect(escalationsOf(watchOf(worse(300, 999, [])))).toEqual([]);
  });

  test("is over when it is over", () => {
    const watches = watchOf(worse(100, 50, [8, 13, 18, 22], 60));
    expect(escalationsOf(watches)).toHaveLength(1);
    expect(escalationNow(watches)).toBeNull();
    expect(escalationNow(watches.slice(0, 45))).not.toBeNull();
  });

  test("is looked for from the third week on, and never by what comes later", () => {
    const history = worse(60, 40, [8, 13, 18, 22]);
    const watches = watchOf(history);
    expect(watches[0]?.day).toBe(FIRST + 14);
    expect(watches.every((watch) => evidenceOf(watch) >= 0 && evidenceOf(watch) <= 1)).toBe(true);
    const before = watchOf(worse(45, 40, [8, 13, 18, 22]));
    expect(watches.slice(0, before.length)).toEqual(before);
  });
});

test("each aspect has a trend of its own", () => {
  const attempts = Array.from({ length: 84 }, (_, day) =>
    attempt(day, 20, { until: attempt(day, 20).at + 60_000 * (5 + day), severity: 0.9 - day / 300 }),
  );
  const trends = trendsOf(historyWith(84, attempts), 12);
  expect(trends.duration.slope).toBeCloseTo(7, 6);
  expect(trends.severity.slope).toBeCloseTo(-7 / 300, 6);
  expect([trends.frequency.slope, trends.latency.slope]).toEqual([0, 0]);
  expect(trends.duration.p).toBeLessThan(0.001);
});

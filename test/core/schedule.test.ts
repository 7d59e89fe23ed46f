import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_SETTINGS, parseSettings, policyOf, settingsAt } from "../../src/core/policy.ts";
import { closedFor, isNow, type LevelRule, minutesToChange, type ScheduleRule } from "../../src/core/schedule.ts";

const rule = (
  days: readonly number[],
  from: number,
  to: number,
  level: LevelRule["level"] = "strict",
): ScheduleRule => ({
  days,
  from,
  to,
  level,
});

test.each([
  [rule([1], 60, 120), 1, 60, true],
  [rule([1], 60, 120), 1, 119, true],
  [rule([1], 60, 120), 1, 120, false],
  [rule([1], 60, 120), 2, 60, false],
  [rule([1], 1_320, 360), 1, 1_400, true],
  [rule([1], 1_320, 360), 2, 359, true],
  [rule([1], 1_320, 360), 2, 360, false],
  [rule([1], 1_320, 360), 1, 100, false],
  [rule([6], 1_320, 360), 0, 100, true],
  [rule([3], 0, 0), 3, 700, true],
  [rule([3], 0, 0), 4, 0, false],
])("%j on day %i at minute %i: %s", (one, weekday, minute, isMet) => {
  expect(isNow(one, { weekday, minute })).toBe(isMet);
});

test("the strictest of the hours that are now counts, and never one below the user's own", () => {
  const schedule = [rule([1], 0, 600), rule([1], 300, 900, "relaxed")];
  const at = (minute: number, level: LevelRule["level"]) =>
    settingsAt({ ...DEFAULT_SETTINGS, level, schedule }, { weekday: 1, minute }).level;
  expect([at(100, "relaxed"), at(400, "balanced"), at(700, "balanced"), at(1_000, "relaxed")]).toEqual([
    "strict",
    "strict",
    "balanced",
    "relaxed",
  ]);
});

test("between two changes that are told of, nothing changes", () => {
  const minutes = fc.integer({ min: 0, max: 1_439 });
  const rules = fc.array(fc.tuple(fc.constantFrom([0], [1, 2], [6]), minutes, minutes), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(rules, fc.integer({ min: 0, max: 6 }), minutes, (some, weekday, minute) => {
      const schedule = some.map(([days, from, to]) => rule(days, from, to));
      const wait = minutesToChange(schedule, minute) ?? 0;
      const states = Array.from({ length: wait }, (_, i) => {
        const time = { weekday: (weekday + Math.floor((minute + i) / 1_440)) % 7, minute: (minute + i) % 1_440 };
        return schedule.some((one) => isNow(one, time));
      });
      expect(new Set(states).size).toBe(1);
    }),
  );
});

describe("hours that close pages by their labels", () => {
  const closing = (days: readonly number[], from: number, to: number, ...closes: string[]): ScheduleRule => ({
    days,
    from,
    to,
    closes,
  });
  const law = { label: "topic/law", score: 0.7 };
  const sad = { label: "sentiment/negative", score: 0.9 };

  test.each([
    ["a label in its hours", [closing([1], 60, 120, "topic/law")], [law], 60, law],
    ["the same label later", [closing([1], 60, 120, "topic/law")], [law], 120, undefined],
    ["another label", [closing([1], 60, 120, "topic/health")], [law], 60, undefined],
    ["nothing known of the page", [closing([1], 60, 120, "topic/law")], [], 60, undefined],
    ["one of several labels", [closing([1], 60, 120, "topic/health", "topic/law")], [law, sad], 60, law],
    ["two of them: the surer", [closing([1], 60, 120, "topic/law", "sentiment/negative")], [law, sad], 60, sad],
    ["a rule of another hour beside it", [closing([1], 0, 9, "topic/law"), rule([1], 0, 999)], [law], 60, undefined],
    ["a night that began the day before", [closing([0], 1_320, 360, "topic/law")], [law], 60, law],
  ])("%s", (_, rules, described, minute, met) => {
    expect(closedFor(rules, described, { weekday: 1, minute })).toEqual(met);
  });

  test("leave the level as it is, are read as they were written, and have pages described", () => {
    const schedule = [closing([1], 0, 0, "topic/law", "intent/calculation")];
    const settings = parseSettings({ level: "relaxed", schedule });
    expect(settings.schedule).toEqual(schedule);
    expect(settingsAt(settings, { weekday: 1, minute: 5 }).level).toBe("relaxed");
    expect(policyOf(settings).describesPages).toBe(true);
    expect(policyOf({ ...settings, schedule: [rule([1], 0, 0)] }).describesPages).toBe(false);
  });
});

test.each([
  [[{ days: [], from: 0, to: 1, level: "strict" }]],
  [[{ days: [2, 1], from: 0, to: 1, level: "strict" }]],
  [[{ days: [7], from: 0, to: 1, level: "strict" }]],
  [[{ days: [1], from: 0, to: 1_440, level: "strict" }]],
  [[{ days: [1], from: 0, to: 1, level: "severe" }]],
  [[{ days: [1], from: 0, to: 1, level: "strict", colour: "red" }]],
  [[{ days: [1], from: 0, to: 1 }]],
  [[{ days: [1], from: 0, to: 1, closes: [] }]],
  [[{ days: [1], from: 0, to: 1, closes: ["topic/law", "topic/law"] }]],
  [[{ days: [1], from: 0, to: 1, closes: ["topic/gardening"] }]],
  [[{ days: [1], from: 0, to: 1, closes: "topic/law" }]],
  [[{ days: [1], from: 0, to: 1, level: "strict", closes: ["topic/law"] }]],
])("%j is no schedule", (schedule) => {
  expect(() => parseSettings({ schedule })).toThrow('"schedule"');
});

import { describe, expect, test } from "vitest";
import {
  chooseHelp,
  HELPS,
  type Help,
  type HelpWishes,
  hasWorked,
  isQuiet,
  recordOf,
} from "../../../src/core/analytics/intervention.ts";
import { seeded } from "../../../src/core/random.ts";

const HOUR = 3_600_000;
const NOW = 1_000 * 24 * HOUR;
const help = (hoursAgo: number, fields: Partial<Help> = {}): Help => ({
  id: `${hoursAgo}`,
  at: NOW - hoursAgo * HOUR,
  kind: "breath",
  answer: "used",
  ...fields,
});
const WISHES: HelpWishes = { kinds: HELPS, quietFrom: 0, quietTo: 0 };
const choose = (helps: readonly Help[], wishes: Partial<HelpWishes> = {}, minute = 720, seed = 1) =>
  chooseHelp(helps, [], { ...WISHES, ...wishes }, { now: NOW, minute }, seeded(seed));

describe("help is offered", () => {
  test("at most three times in 24 hours", () => {
    expect(choose([help(20), help(10)])).not.toBeNull();
    expect(choose([help(20), help(10), help(2)])).toBeNull();
    expect(choose([help(25), help(10), help(2)])).not.toBeNull();
  });

  test("not again within three quarters of an hour", () => {
    expect([choose([help(0.5)]), choose([help(0.8)])]).toEqual([null, expect.any(String)]);
  });

  test("no more for a day once it was twice not wanted", () => {
    const dismissed = { answer: "dismissed" } as const;
    expect(choose([help(9, dismissed), help(5, dismissed)])).toBeNull();
    expect(choose([help(9, dismissed), help(5)])).not.toBeNull();
  });

  test("not in quiet hours, nor of a kind that is not set up", () => {
    expect(choose([], { quietFrom: 700, quietTo: 730 })).toBeNull();
    expect(choose([], { kinds: [] })).toBeNull();
    for (let seed = 0; seed < 20; seed++) expect(choose([], { kinds: ["goal"] }, 720, seed)).toBe("goal");
  });

  test.each([
    [60, 0, 120, true],
    [120, 0, 120, false],
    [1_400, 1_320, 360, true],
    [100, 1_320, 360, true],
    [720, 1_320, 360, false],
    [720, 0, 0, false],
  ])("minute %i between %i and %i is quiet: %s", (minute, from, to, quiet) => {
    expect(isQuiet(minute, from, to)).toBe(quiet);
  });
});

describe("what helped before", () => {
  test.each([
    ["dismissed", [], 5, false],
    ["continued", [], 5, false],
    ["used", [], 5, true],
    ["open", [], 5, true],
    ["used", [0.5], 5, false],
    ["used", [1.5], 5, true],
    ["used", [], 0.5, null],
    // The attempt at which it was offered has begun before.
    ["used", [-0.1], 5, true],
  ] as const)("%s, attempts %j hours later: after %d h %s", (answer, later, hours, worked) => {
    const given = help(hours, { answer });
    const attempts = later.map((after) => ({ at: given.at + after * HOUR }));
    expect(hasWorked(given, attempts, NOW)).toBe(worked);
  });

  test("counts half after sixty days", () => {
    expect(recordOf("breath", [help(24 * 60)], [], NOW)).toEqual({ worked: 0.5, failed: 0 });
  });

  test("is offered most, and the others are still tried", () => {
    const record = Array.from({ length: 30 }, (_, i) =>
      help(30 + i, i % 2 ? { kind: "goal" } : { kind: "breath", answer: "dismissed" }),
    );
    const counts = { breath: 0, goal: 0, reason: 0 };
    for (let seed = 0; seed < 400; seed++) {
      const kind = choose(record, { kinds: ["breath", "goal", "reason"] }, 720, seed) as keyof typeof counts;
      counts[kind] += 1;
    }
    expect(counts.goal).toBeGreaterThan(counts.reason);
    expect(counts.reason).toBeGreaterThan(counts.breath);
    expect(counts.reason).toBeGreaterThan(0);
  });
});

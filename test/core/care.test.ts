import { describe, expect, test } from "vitest";
import { type Care, daysSince, parseCare, reportDueAt } from "../../src/core/care.ts";

const DAY = 86_400_000;
const CARE: Care = {
  remindDays: 7,
  reportedAt: 100 * DAY,
  laterAt: 0,
  backup: { at: 1, entries: 2, bytes: 3, restoreMs: 4.5 },
  checks: { at: 5, results: [{ id: "chain", isGood: false, amount: 6 }] },
};

describe("care for the journal", () => {
  test("is read as it was stored, and by defaults where nothing was", () => {
    expect(parseCare(structuredClone(CARE))).toEqual(CARE);
    expect(parseCare(undefined)).toEqual({ remindDays: 0, reportedAt: 0, laterAt: 0, backup: null, checks: null });
    expect(parseCare({ ...CARE, more: 1 })).toEqual(CARE);
  });

  test.each<[string, object]>([
    ["an interval that is not offered", { remindDays: 3 }],
    ["a moment that is none", { reportedAt: Number.NaN }],
    ["a negative moment", { laterAt: -1 }],
    ["a backup of no size", { backup: { at: 1, entries: 2, restoreMs: 4 } }],
    ["a check that does not exist", { checks: { at: 1, results: [{ id: "x", isGood: true, amount: 1 }] } }],
    ["a result that is none", { checks: { at: 1, results: [null] } }],
  ])("%s is refused", (_, change) => {
    expect(() => parseCare({ ...CARE, ...change })).toThrow("not valid");
  });

  test.each<[Partial<Care>, number | null]>([
    [{ remindDays: 0 }, null],
    [{}, 107 * DAY],
    [{ laterAt: 108 * DAY }, 108 * DAY],
    [{ laterAt: 103 * DAY }, 107 * DAY],
  ])("with %o a report is due at %d", (change, due) => {
    expect(reportDueAt({ ...CARE, ...change })).toBe(due);
  });

  test("days are whole and never negative, also where the clock was set back", () => {
    expect([daysSince(0, 2.9 * DAY), daysSince(5, 0)]).toEqual([2, 0]);
  });
});

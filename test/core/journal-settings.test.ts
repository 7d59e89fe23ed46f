import { expect, test } from "vitest";
import { DEFAULT_JOURNAL } from "../../src/core/journal-settings.ts";
import { parseSettings } from "../../src/core/policy.ts";

test("settings of before the journal had any have the defaults, and sound ones stay", () => {
  expect(parseSettings({ level: "strict" }).journal).toEqual(DEFAULT_JOURNAL);
  expect(parseSettings({ journal: { retentionDays: 30 } }).journal).toEqual({ ...DEFAULT_JOURNAL, retentionDays: 30 });
  const journal = { retentionDays: 90, siteNames: "hashed", unrecorded: ["bank.example"] };
  expect(parseSettings({ journal }).journal).toEqual(journal);
});

test.each([
  { retentionDays: 0 },
  { retentionDays: 1.5 },
  { retentionDays: "30" },
  { siteNames: "none" },
  { unrecorded: ["https://bank.example/"] },
  { unrecorded: "bank.example" },
])("%j is refused, and the field named", (journal) => {
  expect(() => parseSettings({ journal })).toThrow(`journal.${Object.keys(journal)[0]}`);
});

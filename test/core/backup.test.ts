import { beforeAll, describe, expect, test } from "vitest";
import { type DayTally, emptyDay } from "../../src/core/analytics/day.ts";
import type { Help } from "../../src/core/analytics/intervention.ts";
import { type BackupContent, backupLines, parseBackup } from "../../src/core/backup.ts";
import type { JournalEntry } from "../../src/core/report/forensic.ts";
import { decryptBackup, encryptBackup } from "../../src/extension/options/reports/backup-file.ts";
import { tally, verdict } from "./report/events.ts";
import { chainOf, newSigner } from "./report/journalled.ts";

const { subtle } = crypto;
const SIGN = { at: 10, until: 20, minute: 3, signs: 2, severity: 0.9, hasAddress: true, wasContinued: false };
const DAY_ROW: DayTally = { ...emptyDay(3), judged: 9, categories: { sexual: 1 }, encounters: [SIGN] };
const HELP: Help = { id: "h", at: 7, kind: "reason", answer: "used", words: "tired" };
const CONTENT: BackupContent = {
  format: "wardlight-backup-content",
  formatVersion: 2,
  version: "0.1.0",
  createdAt: 5,
  stored: { settings: { level: "strict" }, "list:a:0": "a.example", lists: [{ id: "a", slot: 0, version: "00" }] },
  days: [DAY_ROW],
  helps: [HELP],
};
let entries: JournalEntry[];
const textOf = (content: object, chain: readonly JournalEntry[] = entries) =>
  [...backupLines(content as BackupContent, chain)].join("");

beforeAll(async () => {
  const bodies = [1, 2, 3].map((i) => ({
    kind: "events" as const,
    events: [verdict({ id: `${i}` }), tally({ id: `t${i}` })],
  }));
  entries = await chainOf(bodies, await newSigner());
});

describe("a backup", () => {
  test("comes back as it was, through the passphrase", async () => {
    const file = await encryptBackup(backupLines(CONTENT, entries), "a long passphrase");
    const parsed = await parseBackup(await decryptBackup(file, "a long passphrase"), subtle);
    expect(parsed.content).toEqual(CONTENT);
    expect(parsed.entries).toEqual(entries);
    expect(parsed.settings.level).toBe("strict");
    expect([parsed.days, parsed.helps]).toEqual([[DAY_ROW], [HELP]]);
    expect(await file.text()).not.toContain("a.example");
  });

  test("stays shut to another passphrase, and shows any change of its bytes", async () => {
    const file = await encryptBackup(backupLines(CONTENT, entries), "a long passphrase");
    await expect(decryptBackup(file, "another passphrase")).rejects.toThrow("another one");
    const bytes = new Uint8Array(await file.arrayBuffer());
    for (const place of [40, 100, bytes.length - 1]) {
      const changed = bytes.slice();
      changed[place] = (changed[place] ?? 0) ^ 1;
      await expect(decryptBackup(new Blob([changed]), "a long passphrase")).rejects.toThrow();
    }
    await expect(decryptBackup(new Blob(["anything"]), "x")).rejects.toThrow("no backup");
    await expect(decryptBackup(new Blob([]), "x")).rejects.toThrow("no backup");
  });

  test.each<[string, object, string]>([
    ["of a newer version", { ...CONTENT, formatVersion: 3 }, "newer"],
    ["of something else", { ...CONTENT, format: "x" }, "something else"],
    ["with an unknown key", { ...CONTENT, stored: { "journal-key": 1 } }, "unknown"],
    ["with settings that do not hold", { ...CONTENT, stored: { settings: { level: "none" } } }, "level"],
    ["with damaged lists", { ...CONTENT, stored: { lists: [{ id: 1 }] } }, "lists"],
    ["with damaged wishes", { ...CONTENT, stored: { help: { quietFrom: -1 } } }, "quiet hours"],
    ["without its counts", { ...CONTENT, days: undefined }, "analytics"],
    ["with a day that is none", { ...CONTENT, days: [{ ...DAY_ROW, day: 1.5 }] }, "analytics"],
    ["with a count that is none", { ...CONTENT, days: [{ ...DAY_ROW, judged: -1 }] }, "analytics"],
    ["with a category that is none", { ...CONTENT, days: [{ ...DAY_ROW, categories: { x: 1 } }] }, "analytics"],
    ["with a day of 25 hours", { ...CONTENT, days: [{ ...DAY_ROW, actedByHour: Array(25).fill(0) }] }, "analytics"],
    [
      "with a meeting that ends first",
      { ...CONTENT, days: [{ ...DAY_ROW, encounters: [{ ...SIGN, until: 1 }] }] },
      "analy",
    ],
    ["with help of no kind", { ...CONTENT, helps: [{ ...HELP, kind: "x" }] }, "help"],
    ["with damaged packs", { ...CONTENT, stored: { packs: [{}] } }, "not valid"],
  ])("%s is refused with its reason", async (_, content, reason) => {
    await expect(parseBackup(textOf(content), subtle)).rejects.toThrow(reason);
  });

  test("of version 1 has no counts, which is no damage", async () => {
    const { days: _, helps: __, ...old } = { ...CONTENT, formatVersion: 1 };
    expect(await parseBackup(textOf(old), subtle)).toMatchObject({ helps: [], entries });
    expect(await parseBackup(textOf(old), subtle)).not.toHaveProperty("days");
  });

  test("with a journal that does not hold is refused with the place", async () => {
    const altered = entries.map((entry, i) => (i === 1 ? { ...entry, at: 99 } : entry));
    await expect(parseBackup(textOf(CONTENT, altered), subtle)).rejects.toThrow("broken at entry 2");
    await expect(parseBackup(textOf(CONTENT, entries.slice(1)), subtle)).rejects.toThrow("beginning");
    await expect(parseBackup(`${textOf(CONTENT)}{`, subtle)).rejects.toThrow("cut off");
    await expect(parseBackup("", subtle)).rejects.toThrow("cut off");
  });
});

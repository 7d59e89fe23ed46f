import { beforeAll, describe, expect, test } from "vitest";
import { type BackupContent, backupLines, parseBackup } from "../../src/core/backup.ts";
import type { JournalEntry } from "../../src/core/report/forensic.ts";
import { decryptBackup, encryptBackup } from "../../src/extension/options/reports/backup-file.ts";
import { tally, verdict } from "./report/events.ts";
import { chainOf, newSigner } from "./report/journalled.ts";

const { subtle } = crypto;
const CONTENT: BackupContent = {
  format: "wardlight-backup-content",
  formatVersion: 1,
  version: "0.1.0",
  createdAt: 5,
  stored: { settings: { level: "strict" }, "list:a:0": "a.example", lists: [{ id: "a", slot: 0, version: "00" }] },
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
    ["of a newer version", { ...CONTENT, formatVersion: 2 }, "newer"],
    ["of something else", { ...CONTENT, format: "x" }, "something else"],
    ["with an unknown key", { ...CONTENT, stored: { "journal-key": 1 } }, "unknown"],
    ["with settings that do not hold", { ...CONTENT, stored: { settings: { level: "none" } } }, "level"],
    ["with damaged lists", { ...CONTENT, stored: { lists: [{ id: 1 }] } }, "lists"],
    ["with damaged packs", { ...CONTENT, stored: { packs: [{}] } }, "not valid"],
  ])("%s is refused with its reason", async (_, content, reason) => {
    await expect(parseBackup(textOf(content), subtle)).rejects.toThrow(reason);
  });

  test("with a journal that does not hold is refused with the place", async () => {
    const altered = entries.map((entry, i) => (i === 1 ? { ...entry, at: 99 } : entry));
    await expect(parseBackup(textOf(CONTENT, altered), subtle)).rejects.toThrow("broken at entry 2");
    await expect(parseBackup(textOf(CONTENT, entries.slice(1)), subtle)).rejects.toThrow("beginning");
    await expect(parseBackup(`${textOf(CONTENT)}{`, subtle)).rejects.toThrow("cut off");
    await expect(parseBackup("", subtle)).rejects.toThrow("cut off");
  });
});

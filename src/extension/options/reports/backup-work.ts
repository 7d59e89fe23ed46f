import { type BackupContent, backupLines, isBackedUp, type ParsedBackup, parseBackup } from "../../../core/backup.ts";
import type { JournalEntry } from "../../../core/report/forensic.ts";
import type { Journal } from "../../../storage/journal.ts";
import { browser } from "../../browser.ts";
import { ask } from "../console.ts";
import { decryptBackup, encryptBackup } from "./backup-file.ts";

/** Everything that cannot be had again: settings, lists, trusted packs, and the whole journal. */
export async function makeBackup(journal: Journal, passphrase: string): Promise<Blob> {
  const all = await browser.storage.local.get(null);
  const content: BackupContent = {
    format: "wardlight-backup-content",
    formatVersion: 1,
    version: browser.runtime.getManifest().version,
    createdAt: Date.now(),
    stored: Object.fromEntries(Object.entries(all).filter(([key]) => isBackedUp(key))),
  };
  const entries: JournalEntry[] = [];
  for await (const { entry } of journal.entries(0, Number.MAX_SAFE_INTEGER)) entries.push(entry);
  return encryptBackup(backupLines(content, entries), passphrase);
}

/** Opens a backup and checks all of it. @throws WardlightError `validation`, saying what is wrong. */
export async function openBackup(file: Blob, passphrase: string): Promise<ParsedBackup> {
  return parseBackup(await decryptBackup(file, passphrase), crypto.subtle);
}

/** Puts a backup in the place of what there is. The journal goes first: it is all or nothing. */
export async function restore(journal: Journal, { content, settings, entries }: ParsedBackup): Promise<void> {
  await journal.replace(entries as readonly JournalEntry[]);
  const kept = new Set(Object.keys(content.stored));
  for (const { id, own } of await ask("lists", null)) {
    if (own && !kept.has(`list:${id}:pages`)) await ask("changeList", { id, isRemoved: true });
  }
  const gone = Object.keys(await browser.storage.local.get(null)).filter((key) => isBackedUp(key) && !kept.has(key));
  await browser.storage.local.remove(gone);
  await browser.storage.local.set({ ...content.stored });
  // Has the background take up lists and settings as if they had been changed by hand.
  await ask("settings", settings);
}

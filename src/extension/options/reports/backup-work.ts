import { withEvents } from "../../../core/analytics/fold.ts";
import { type BackupContent, backupLines, isBackedUp, type ParsedBackup, parseBackup } from "../../../core/backup.ts";
import type { BackupFact } from "../../../core/care.ts";
import type { JournalEntry } from "../../../core/report/forensic.ts";
import { clockHere } from "../../../storage/clock.ts";
import { type Contents, type Journal, openJournal, removeJournal } from "../../../storage/journal.ts";
import { browser } from "../../browser.ts";
import { ask } from "../console.ts";
import { decryptBackup, encryptBackup } from "./backup-file.ts";

/** Everything that cannot be had again: settings, lists, trusted packs, wishes, what was counted, and the whole journal. */
export async function makeBackup(journal: Journal, passphrase: string): Promise<Blob> {
  const all = await browser.storage.local.get(null);
  const content: BackupContent = {
    format: "wardlight-backup-content",
    formatVersion: 2,
    version: browser.runtime.getManifest().version,
    createdAt: Date.now(),
    stored: Object.fromEntries(Object.entries(all).filter(([key]) => isBackedUp(key))),
    days: await journal.days(0),
    helps: await journal.helps(),
  };
  const entries: JournalEntry[] = [];
  for await (const { entry } of journal.entries(0, Number.MAX_SAFE_INTEGER)) entries.push(entry);
  return encryptBackup(backupLines(content, entries), passphrase);
}

/** Opens a backup and checks all of it. @throws WardlightError `validation`, saying what is wrong. */
export async function openBackup(file: Blob, passphrase: string): Promise<ParsedBackup> {
  return parseBackup(await decryptBackup(file, passphrase), crypto.subtle);
}

/** Restores a backup into a journal of its own, checks that, and removes it again. @throws Error where that fails */
export async function rehearse(file: Blob, passphrase: string): Promise<Pick<BackupFact, "entries" | "restoreMs">> {
  const began = performance.now();
  const journal = openJournal({ name: "rehearsed-journal" });
  try {
    const contents = contentsOf(await openBackup(file, passphrase));
    await journal.replace(contents);
    const { verified, damaged } = await journal.check();
    if (verified?.break || damaged.length > 0) throw new Error("The backup could be opened, but not be written back.");
    return { entries: contents.entries.length, restoreMs: performance.now() - began };
  } finally {
    await journal.close();
    await removeJournal("rehearsed-journal");
  }
}

/** Puts a backup in the place of what there is. The journal goes first: it is all or nothing. @throws where the lock forbids it */
export async function restore(journal: Journal, backup: ParsedBackup): Promise<void> {
  const { content, settings } = backup;
  await ask("permit", null);
  await journal.replace(contentsOf(backup));
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

/** What was not counted when the backup was made is counted from the events now; active time is in none of them. */
function contentsOf({ entries, days, helps }: ParsedBackup): Contents {
  const all = entries as readonly JournalEntry[];
  return { entries: all, helps, days: days ?? daysOfEvents(all) };
}

function daysOfEvents(entries: readonly JournalEntry[]) {
  const events = entries.flatMap((entry) => (entry.kind === "events" ? entry.events : []));
  return [...withEvents(new Map(), events, clockHere()).values()];
}

import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import { localClock } from "../../src/core/analytics/local-time.ts";
import type { JournalEntry } from "../../src/core/report/forensic.ts";
import type { JournalEvent } from "../../src/core/report/journal.ts";
import { type Journal, type JournalOptions, openJournal, type SessionKeep } from "../../src/storage/journal.ts";

export const DAY = 86_400_000;
const UTC = localClock("UTC");

/** The clock that journals of these tests are written by; it stands still unless a test moves it. */
export const time = { now: 0 };

/** A fresh database, on its tenth day. */
export function beginAnew(): void {
  globalThis.indexedDB = new IDBFactory();
  time.now = 10 * DAY;
}

export function open(options: JournalOptions = {}): Journal {
  return openJournal({ keep: keepInMemory(), now: () => time.now, clock: () => UTC, ...options });
}

export function keepInMemory(): SessionKeep & { value: unknown } {
  const keep: SessionKeep & { value: unknown } = {
    value: undefined,
    read: async () => keep.value,
    async write(value) {
      keep.value = value;
    },
  };
  return keep;
}

export const event = (id: string, at: number): JournalEvent => ({
  kind: "tally",
  id,
  at,
  site: "secret.example",
  subject: "text",
  allowed: 1,
});

export async function ids(journal: Journal): Promise<string[]> {
  return (await journal.between(0, Number.MAX_SAFE_INTEGER, 1e9)).map(({ id }) => id);
}

export async function entriesOf(journal: Journal, since = 0, until = Number.MAX_SAFE_INTEGER): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const { entry } of journal.entries(since, until)) entries.push(entry);
  return entries;
}

export const kindsOf = (entries: readonly JournalEntry[]) => entries.map(({ kind }) => kind);

/** Everything in the database, as text: what somebody sees who reads the browser's files. */
export async function raw() {
  const db = await openDB("journal");
  const stores = await Promise.all(
    [...db.objectStoreNames].map(async (name) => [name, await db.getAll(name)] as [string, Record<string, unknown>[]]),
  );
  db.close();
  return Object.fromEntries(stores);
}

export async function alter(change: (db: Awaited<ReturnType<typeof openDB>>) => Promise<unknown>) {
  const db = await openDB("journal");
  await change(db);
  db.close();
}

import { toHex } from "../core/bytes.ts";
import { dayOf } from "../core/report/days.ts";
import type { JournalEntry } from "../core/report/forensic.ts";
import type { JournalEvent } from "../core/report/journal.ts";
import type { Moment } from "../core/types.ts";
import type { JournalDatabase, Row } from "./journal-database.ts";
import type { JournalKeys } from "./journal-keys.ts";
import { decrypt } from "./seal.ts";

/** An entry as it was written, or why there is none. */
export type Opened =
  | {
      readonly n: number;
      readonly entry: JournalEntry;
      readonly hash: string;
      /** The entry's canonical text in UTF-8, which was hashed. */
      readonly text: Uint8Array<ArrayBuffer>;
    }
  /** It cannot be opened: the row or its key was altered. */
  | { readonly n: number; readonly damaged: Row };

/** Rows that are read and opened at a time. */
const CHUNK = 256;
/** Of the newest entries: enough to fill a screen. */
const FIRST_ROWS = 4;

/** Opens a row. @throws JournalLockedError @param needsHash hashing costs about as much as decrypting. */
export async function openRow(row: Row, keys: JournalKeys, needsHash = true): Promise<Opened> {
  const key = await keys.dataKey(row.key);
  if (!key) return { n: row.n, damaged: row };
  try {
    const text = new Uint8Array(await decrypt(row.sealed, row.iv, boundTo(row), key));
    const hash = needsHash ? toHex(await crypto.subtle.digest("SHA-256", text)) : "";
    return { n: row.n, entry: JSON.parse(new TextDecoder().decode(text)), hash, text };
  } catch {
    return { n: row.n, damaged: row };
  }
}

/** What a row's seal is bound to, so that no row can take another's place. */
export function boundTo({ n, day, key }: Pick<Row, "n" | "day" | "key">): string {
  return `${n} ${day} ${key}`;
}

/** Every entry from the first to the last that has to do with a period, in order. */
export async function* readEntries(db: JournalDatabase, keys: JournalKeys, since: Moment, until: Moment) {
  const within = IDBKeyRange.bound(dayOf(since), dayOf(until));
  const found = await db.getAllKeysFromIndex("entries", "day", within);
  if (found.length === 0) return;
  const first = found.reduce((a, b) => Math.min(a, b));
  const last = found.reduce((a, b) => Math.max(a, b));
  yield* readRange(db, keys, first, last);
}

/** The number of the first or last entry that there is. */
export async function edgeOf(db: JournalDatabase, direction: "next" | "prev"): Promise<number | undefined> {
  return (await db.transaction("entries").store.openKeyCursor(null, direction))?.key;
}

/** Entries by their numbers, both ends included; the next rows are on their way while these are looked at. */
export async function* readRange(
  db: JournalDatabase,
  keys: JournalKeys,
  first: number,
  last: number,
): AsyncGenerator<Opened> {
  if (last < first) return;
  const rowsFrom = (n: number) => db.getAll("entries", IDBKeyRange.bound(n, Math.min(n + CHUNK - 1, last)));
  let coming = rowsFrom(first);
  for (let n = first; n <= last; n += CHUNK) {
    const rows = await coming;
    coming = n + CHUNK <= last ? rowsFrom(n + CHUNK) : Promise.resolve([]);
    yield* await Promise.all(rows.map((row) => openRow(row, keys)));
  }
}

/** Events of a period, the newest day first and within what was read the newest event, and the rows that are damaged. */
export async function readNewest(
  db: JournalDatabase,
  keys: JournalKeys,
  { since, until, limit }: { since: Moment; until: Moment; limit: number },
): Promise<{ events: JournalEvent[]; damaged: Row[] }> {
  const events: JournalEvent[] = [];
  const damaged: Row[] = [];
  for await (const rows of newestRows(db, dayOf(since), dayOf(until))) {
    // Of events of the same moment the one that was written last comes first, wherever a reading ends.
    for (const opened of (await Promise.all(rows.map((row) => openRow(row, keys, false)))).reverse()) {
      if ("damaged" in opened) damaged.push(opened.damaged);
      else if (opened.entry.kind === "events") {
        events.push(...opened.entry.events.filter(({ at }) => since <= at && at <= until).reverse());
      }
    }
    if (events.length >= limit) break;
  }
  return { events: events.sort((a, b) => b.at - a.at).slice(0, limit), damaged };
}

/** The newest entries of one kind, newest first; all others between them are opened on the way. */
export async function readNewestOf<K extends JournalEntry["kind"]>(
  db: JournalDatabase,
  keys: JournalKeys,
  { kind, since, until, limit }: { kind: K; since: Moment; until: Moment; limit: number },
): Promise<Extract<JournalEntry, { kind: K }>[]> {
  const found: Extract<JournalEntry, { kind: K }>[] = [];
  for await (const rows of newestRows(db, dayOf(since), dayOf(until))) {
    const opened = await Promise.all(rows.map((row) => openRow(row, keys, false)));
    for (const one of opened.reverse()) {
      if ("entry" in one && one.entry.kind === kind) found.push(one.entry as Extract<JournalEntry, { kind: K }>);
    }
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

/** Rows, newest first: few at a time, then more; those of a time lie within a day. */
async function* newestRows(db: JournalDatabase, since: string, until: string): AsyncGenerator<Row[]> {
  let size = FIRST_ROWS;
  for (
    let day = await dayBefore(db, since, until, false);
    day !== undefined;
    day = await dayBefore(db, since, day, true)
  ) {
    const numbers = await db.getAllKeysFromIndex("entries", "day", day);
    for (let end = numbers.length; end > 0; ) {
      const wanted = numbers.slice(Math.max(0, end - size), end);
      end -= wanted.length;
      size = Math.min(2 * size, CHUNK / 4);
      // A day's entries need not follow one another: between them may lie a year that was written late.
      const store = db.transaction("entries").store;
      const rows = await Promise.all(wanted.map((n) => store.get(n)));
      yield rows.filter((row) => row !== undefined);
    }
  }
}

async function dayBefore(db: JournalDatabase, since: string, until: string, isOpen: boolean) {
  if (since > until || (isOpen && since === until)) return undefined;
  const range = IDBKeyRange.bound(since, until, false, isOpen);
  const cursor = await db.transaction("entries").store.index("day").openKeyCursor(range, "prevunique");
  return cursor?.key;
}

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
const CHUNK = 128;
const UTF8 = new TextDecoder();
/** Of the newest entries: enough to fill a screen. */
const FIRST_ROWS = 4;

/** A row's text, which is not looked at yet. */
interface Unsealed {
  readonly row: Row;
  /** Absent where it cannot be opened. */
  readonly text?: Uint8Array<ArrayBuffer>;
  readonly hash: string;
}

/** @throws JournalLockedError @param needsHash hashing costs about as much as decrypting. */
async function unseal(row: Row, keys: JournalKeys, needsHash: boolean): Promise<Unsealed> {
  const key = await keys.dataKey(row.key);
  if (!key) return { row, hash: "" };
  try {
    const text = new Uint8Array(await decrypt(row.sealed, row.iv, boundTo(row), key));
    return { row, text, hash: needsHash ? toHex(await crypto.subtle.digest("SHA-256", text)) : "" };
  } catch {
    return { row, hash: "" };
  }
}

function parsed({ row, text, hash }: Unsealed): Opened {
  if (!text) return { n: row.n, damaged: row };
  try {
    return { n: row.n, entry: JSON.parse(UTF8.decode(text)), hash, text };
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

/**
 * Entries by their numbers, both ends included. The next ones are read and unsealed while these are looked at; each is
 * parsed when it is its turn, so that few events are in memory at a time.
 */
export async function* readRange(
  db: JournalDatabase,
  keys: JournalKeys,
  first: number,
  last: number,
): AsyncGenerator<Opened> {
  if (last < first) return;
  const from = async (n: number) => {
    const rows = await db.getAll("entries", IDBKeyRange.bound(n, Math.min(n + CHUNK - 1, last)));
    return Promise.all(rows.map((row) => unseal(row, keys, true)));
  };
  let coming = from(first);
  for (let n = first; n <= last; n += CHUNK) {
    const unsealed = await coming;
    coming = n + CHUNK <= last ? from(n + CHUNK) : Promise.resolve([]);
    for (const one of unsealed) yield parsed(one);
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
    for (const one of (await Promise.all(rows.map((row) => unseal(row, keys, false)))).reverse()) {
      const opened = parsed(one);
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
    const unsealed = await Promise.all(rows.map((row) => unseal(row, keys, false)));
    for (const one of unsealed.reverse().map(parsed)) {
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
      size = Math.min(2 * size, CHUNK / 2);
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

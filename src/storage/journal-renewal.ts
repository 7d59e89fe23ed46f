import { canonicalBytes } from "../core/bytes.ts";
import { hashOf, type Mark } from "../core/chain.ts";
import { dayOf } from "../core/report/days.ts";
import type { JournalEntry } from "../core/report/forensic.ts";
import type { JournalDatabase, Row, StoredHead } from "./journal-database.ts";
import { putRows, type Rows, sealRows } from "./journal-days.ts";
import { newNameKey } from "./journal-keys.ts";
import { freshPair } from "./journal-lock.ts";
import { readHead } from "./journal-pen.ts";
import { boundTo } from "./journal-reading.ts";
import type { LockKey } from "./lock-slots.ts";
import { encrypt, importDataKey, newDataKey, wrapKey } from "./seal.ts";

/** What lies in the database after erasing: the entry that says so, its data key, and nothing else. */
export interface Erasure {
  readonly entries: number;
  readonly ids: number;
  readonly dataKeys: number;
  /** Of the analytics. */
  readonly rows: number;
  /** Events of version 1, in the clear. */
  readonly plain: number;
}

/**
 * Removes every entry and, with the keys, the means to open any copy of them that the browser or its disk may still hold.
 * The next chain begins with a mark that names the head of this one; the device's signing key stays.
 * @param key of the lock that the next chain is to be under
 */
export async function eraseAll(
  db: JournalDatabase,
  reason: "erased" | "lost" = "erased",
  key: LockKey | undefined = undefined,
): Promise<void> {
  const [head, sealing, names] = await Promise.all([readHead(db), freshPair(key), newNameKey()]);
  const before = head ? { before: { n: head.n, hash: head.hash } } : {};
  const mark: Mark = { kind: "mark", reason, ...before };
  const { transaction, clearing } = beginClearing(db);
  await Promise.all([
    ...clearing,
    transaction.objectStore("keys").put(sealing, "sealing"),
    transaction.objectStore("keys").put(names, "names"),
    transaction.objectStore("state").put(mark, "mark"),
    transaction.done,
  ]);
}

/** A journal, in the clear. */
export interface Contents extends Rows {
  readonly entries: readonly JournalEntry[];
}

/** Puts another chain and its rows in the place of these, sealed anew; all of it or nothing. */
export async function replaceAll(
  db: JournalDatabase,
  publicKey: CryptoKey,
  { entries, days, helps }: Contents,
): Promise<void> {
  const last = entries.at(-1);
  if (!last) return eraseAll(db);
  const analytics = await sealRows({ days, helps }, publicKey);
  const data = newDataKey("");
  const [key, wrapped] = await Promise.all([importDataKey(data.raw), wrapKey(data.raw, publicKey)]);
  const rows: Row[] = [];
  for (const entry of entries) rows.push(await rowOf(entry, data.id, key));
  const head: StoredHead = {
    n: last.n,
    hash: await hashOf(last, crypto.subtle),
    at: last.at,
    events: entries.reduce((sum, entry) => sum + (entry.kind === "events" ? entry.events.length : 0), 0),
    checkedAt: 0,
  };
  const { transaction, clearing } = beginClearing(db);
  await Promise.all([
    ...clearing,
    transaction.objectStore("dataKeys").put(wrapped, data.id),
    ...rows.map((row) => transaction.objectStore("entries").put(row)),
    ...putRows(analytics, {
      days: transaction.objectStore("days"),
      helps: transaction.objectStore("helps"),
      dataKeys: transaction.objectStore("dataKeys"),
    }),
    transaction.objectStore("state").put(head, "head"),
    transaction.done,
  ]);
}

async function rowOf(entry: JournalEntry, id: string, key: CryptoKey): Promise<Row> {
  const first = entry.kind === "events" ? entry.events[0]?.at : undefined;
  const place = { n: entry.n, day: dayOf(first ?? entry.at), key: id };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { ...place, iv, sealed: await encrypt(canonicalBytes(entry), iv, boundTo(place), key) };
}

function beginClearing(db: JournalDatabase) {
  const cleared = ["entries", "recent", "state", "dataKeys", "days", "helps", "events"] as const;
  const transaction = db.transaction([...cleared, "keys"] as const, "readwrite", { durability: "strict" });
  return { transaction, clearing: cleared.map((store) => transaction.objectStore(store).clear()) };
}

import { canonicalBytes, toHex } from "../core/bytes.ts";
import { BEGINNING, type Body, checkpointEntry, follow, type Head, type Mark, signHead } from "../core/chain.ts";
import { dayOf } from "../core/report/days.ts";
import type { JournalEntry } from "../core/report/forensic.ts";
import type { JournalEvent } from "../core/report/journal.ts";
import type { Moment } from "../core/types.ts";
import type { JournalDatabase, Row, StoredHead } from "./journal-database.ts";
import { type Count, DayParts, type PartRow } from "./journal-days.ts";
import type { JournalKeys } from "./journal-keys.ts";
import { boundTo } from "./journal-reading.ts";
import {
  type DataKey,
  dataKeyFromJson,
  dataKeyToJson,
  encrypt,
  importDataKey,
  newDataKey,
  type WrappedKey,
  wrapKey,
} from "./seal.ts";
import type { SessionKeep } from "./session-keep.ts";

/** What is to be written: entries, and what they come to in the analytics. */
export interface Draft {
  /** Where there are none, only what is due is written: the chain's beginning, a checkpoint. */
  readonly bodies: readonly Body<JournalEvent>[];
  readonly count?: Count;
}

/** Given the ids of the newest events; undefined for nothing. */
export type Drafting = (recent: ReadonlySet<string>) => Draft | undefined;

/** What belongs to the same transaction. */
export interface Also {
  readonly writes: (transaction: Writing) => readonly Promise<unknown>[];
  /** How many events are gone by it. */
  readonly gone: number;
  /** Nothing is written where this is false by then. */
  readonly isDue?: (transaction: Writing) => Promise<boolean>;
}
type Writing = ReturnType<typeof beginWriting>;
const NOTHING: Also = { writes: () => [], gone: 0 };

/** How many entries' ids are kept in the clear: the judge sends a batch again within seconds, if at all. */
const RECENT = 64;
const MAX_REMEMBERED = 20_000;
const DAY_MS = 86_400_000;
const CLOCK_SLACK_MS = 60_000;

const BEGUN: Mark = { kind: "mark", reason: "begun" };

interface Written {
  readonly row: Row;
  readonly ids: readonly string[];
}

interface Data {
  readonly key: DataKey;
  readonly opened: CryptoKey;
  /** As long as it is not in the database. */
  readonly wrapped?: WrappedKey;
}

/** Entries that are ready to be committed, and the head that they were chained to. */
interface Composition {
  readonly base: StoredHead | undefined;
  readonly written: readonly Written[];
  readonly parts: readonly PartRow[];
  readonly head: StoredHead;
  readonly data: Data;
}

/**
 * Writes at the chain's end. Everything is hashed and sealed before the transaction opens, since waiting for WebCrypto
 * within would end it; entries, ids and head are committed together, and only if the head is still the one that they were
 * chained to.
 */
export class Pen {
  readonly #db: JournalDatabase;
  readonly #keys: JournalKeys;
  readonly #keep: SessionKeep;
  readonly #parts: DayParts;
  #recent: Set<string> | undefined;
  #head: StoredHead | undefined;
  #data: Data | undefined;

  constructor(db: JournalDatabase, keys: JournalKeys, keep: SessionKeep) {
    this.#db = db;
    this.#keys = keys;
    this.#keep = keep;
    this.#parts = new DayParts(db);
  }

  /** Resolves after commit. @throws what the database throws, such as QuotaExceededError; nothing is written then. */
  async write(drafting: Drafting, at: Moment, also = NOTHING): Promise<void> {
    for (;;) {
      this.#recent ??= await this.#readState();
      const draft = drafting(this.#recent);
      if (!draft) return;
      const composition = await this.#compose(draft, at);
      const isNothing = composition.written.length === 0 && composition.parts.length === 0;
      if (isNothing || (await this.#commit(composition, also))) return;
      // Another context has written in the meantime.
      this.forget();
    }
  }

  /** What is known of the database is read anew before the next entry. */
  forget(): void {
    this.#recent = undefined;
    this.#head = undefined;
    this.#data = undefined;
    this.#parts.forget();
  }

  async #readState(): Promise<Set<string>> {
    const [head, recent] = await Promise.all([readHead(this.#db), this.#db.getAll("recent")]);
    this.#head = head;
    return new Set(recent.flat());
  }

  async #compose({ bodies, count }: Draft, at: Moment): Promise<Composition> {
    const base = this.#head;
    const data = await this.#dataKey(dayOf(at));
    const written: Written[] = [];
    const add = async (entry: JournalEntry): Promise<Head> => {
      const text = canonicalBytes(entry);
      written.push(await sealed(entry, text, data));
      return { n: entry.n, hash: toHex(await crypto.subtle.digest("SHA-256", text)) };
    };
    let head: Head = base ?? (await add(await this.#beginning(at)));
    let checkedAt = base?.checkedAt ?? at;
    if (base && at < base.at - CLOCK_SLACK_MS) {
      head = await add(follow(head, at, { kind: "gap", cause: "unknown", from: base.at, until: at }));
    }
    if (Math.abs(at - checkedAt) >= DAY_MS) {
      head = await add(checkpointEntry(await signHead(head, at, this.#keys.signer)));
      checkedAt = at;
    }
    for (const body of bodies) head = await add(follow(head, at, body));
    const events = written.reduce((sum, { ids }) => sum + ids.length, base?.events ?? 0);
    const parts = count ? await this.#parts.compose(count, data) : [];
    return { base, written, parts, head: { ...head, at, events, checkedAt }, data };
  }

  /** Of an empty journal, or after the damage that left rows without a head. */
  async #beginning(at: Moment): Promise<JournalEntry> {
    const last = await this.#db.transaction("entries").store.openKeyCursor(null, "prev");
    if (!last) return follow(undefined, at, ((await this.#db.get("state", "mark")) as Mark | undefined) ?? BEGUN);
    return follow({ n: last.key, hash: BEGINNING }, at, { kind: "mark", reason: "damaged" });
  }

  async #dataKey(day: string): Promise<Data> {
    if (this.#data?.key.day === day) return this.#data;
    const kept = dataKeyFromJson(await this.#keep.read());
    if (kept?.day === day && (await this.#db.getKey("dataKeys", kept.id)) !== undefined) {
      return { key: kept, opened: await importDataKey(kept.raw) };
    }
    const key = newDataKey(day);
    const wrapped = await wrapKey(key.raw, await this.#keys.publicKey());
    return { key, opened: await importDataKey(key.raw), wrapped };
  }

  async #commit({ base, written, parts, head, data }: Composition, also: Also): Promise<boolean> {
    const transaction = beginWriting(this.#db);
    // Where a request fails, that is what the caller hears.
    transaction.done.catch(() => {});
    const [state, dataKeys, days] = [
      transaction.objectStore("state"),
      transaction.objectStore("dataKeys"),
      transaction.objectStore("days"),
    ];
    const stored = (await state.get("head")) as StoredHead | undefined;
    const isKeyThere = data.wrapped || (await dataKeys.getKey(data.key.id)) !== undefined;
    const stale = await Promise.all(parts.map(async ({ id, before }) => isOther((await days.get(id))?.iv, before)));
    if (stored?.hash !== base?.hash || !isKeyThere || stale.includes(true)) {
      await transaction.done;
      return false;
    }
    if (also.isDue && !(await also.isDue(transaction))) {
      await transaction.done;
      return true;
    }
    await Promise.all([
      ...written.map(({ row }) => transaction.objectStore("entries").put(row)),
      ...parts.map(({ id, row }) => days.put(row, id)),
      ...idsToKeep(written).map(({ row, ids }) => transaction.objectStore("recent").put(ids, row.n)),
      transaction.objectStore("recent").delete(IDBKeyRange.upperBound(head.n - RECENT)),
      ...(data.wrapped ? [dataKeys.put(data.wrapped, data.key.id)] : []),
      state.put({ ...head, events: head.events - also.gone }, "head"),
      ...also.writes(transaction),
      transaction.done,
    ]);
    if (data.wrapped) await this.#keep.write(dataKeyToJson(data.key));
    this.#data = { key: data.key, opened: data.opened };
    this.#head = { ...head, events: head.events - also.gone };
    this.#parts.keep(parts);
    for (const { ids } of written) for (const id of ids) this.#recent?.add(id);
    if (this.#recent && this.#recent.size > MAX_REMEMBERED) this.forget();
    return true;
  }
}

/** Undefined where nothing has been written yet. */
export async function readHead(db: JournalDatabase): Promise<StoredHead | undefined> {
  return (await db.get("state", "head")) as StoredHead | undefined;
}

function isOther(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a?.join() !== b?.join();
}

function idsToKeep(written: readonly Written[]): readonly Written[] {
  return written.filter(({ ids }) => ids.length > 0);
}

function beginWriting(db: JournalDatabase) {
  const stores = ["entries", "recent", "state", "dataKeys", "days", "events"] as const;
  return db.transaction(stores, "readwrite", { durability: "strict" });
}

async function sealed(
  entry: JournalEntry,
  text: Uint8Array<ArrayBuffer>,
  { key, opened }: { key: DataKey; opened: CryptoKey },
): Promise<Written> {
  const events = entry.kind === "events" ? entry.events : [];
  const place = { n: entry.n, day: dayOf(events[0]?.at ?? entry.at), key: key.id };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const row = { ...place, iv, sealed: await encrypt(text, iv, boundTo(place), opened) };
  return { row, ids: events.map(({ id }) => id) };
}

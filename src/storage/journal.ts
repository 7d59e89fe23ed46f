import type { AuditChange } from "../core/audit.ts";
import {
  type Audit,
  type Body,
  ChainVerifier,
  type Entry,
  type Gap,
  type Signer,
  type Verified,
} from "../core/chain.ts";
import { DayCounter, dayOf } from "../core/report/days.ts";
import type { JournalEntry } from "../core/report/forensic.ts";
import type { JournalEvent } from "../core/report/journal.ts";
import type { Moment } from "../core/types.ts";
import { type JournalDatabase, openDatabase, type Row } from "./journal-database.ts";
import { type AskLockKey, type JournalKeys, openKeys } from "./journal-keys.ts";
import { JournalLockedError } from "./journal-lock.ts";
import { Pen, readHead, type SessionKeep } from "./journal-pen.ts";
import { readEntries, readNewest, readNewestOf, readRange } from "./journal-reading.ts";
import { type Erasure, eraseAll, replaceAll } from "./journal-renewal.ts";
import type { LockKey } from "./lock-slots.ts";

/**
 * The journal: encrypted entries in a signed chain. The background is its one writer; other contexts read, and may replace
 * it as a whole. Under a lock that is not open it is still written; whatever reads throws JournalLockedError.
 */
export interface Journal {
  /** Resolves after commit. An event whose id was stored lately is left as it is. */
  append(events: readonly JournalEvent[]): Promise<void>;
  /** Writes down that nothing was recorded for a while. */
  noteGap(gap: Omit<Gap, "kind">): Promise<void>;
  /** Writes down what was changed about the guard itself. */
  noteChanges(changes: readonly AuditChange[]): Promise<void>;
  /** The newest entries that tell of such changes, newest first; both ends included. */
  changes(since: Moment, until: Moment, limit: number): Promise<(Entry & Audit)[]>;
  /** When the last entry was written; undefined where there is none. */
  lastAt(): Promise<Moment | undefined>;
  /** Newest first; both ends included. */
  between(since: Moment, until: Moment, limit: number): Promise<JournalEvent[]>;
  /** Every entry that has to do with a period and all between, oldest first; what cannot be opened is left out. */
  entries(since: Moment, until: Moment): AsyncGenerator<{ entry: JournalEntry; hash: string }>;
  /** Reads everything and checks the chain from its beginning. */
  check(): Promise<Check>;
  signer(): Promise<Signer>;
  /** Stands for a host where names are not to be kept. */
  hashName(host: string): Promise<string>;
  count(): Promise<number>;
  /** Drops the events before a moment but for their counts by day. Answers with how many. */
  fold(before: Moment): Promise<number>;
  /** Answers with what was found afterwards. Under a lock the new chain is under it too, which takes its key. */
  erase(): Promise<Erasure>;
  /** What is closed by a key that is lost goes, and a new chain begins, under no lock, that says so. */
  giveUp(): Promise<void>;
  /** Whether reading takes the key of a lock, at hand or not. */
  isLocked(): Promise<boolean>;
  /** Closes it with the key of a lock; what was open in this context is so no longer. */
  lock(key: LockKey): Promise<void>;
  unlockForGood(key: LockKey): Promise<void>;
  /** Drops the keys that were opened in this context. */
  forgetKeys(): Promise<void>;
  /** Puts another chain, which must hold, in the place of this one. */
  replace(entries: readonly JournalEntry[]): Promise<void>;
}

export type { SessionKeep } from "./journal-pen.ts";
export type { Erasure } from "./journal-renewal.ts";

/** What a reading of the whole journal found. */
export interface Check {
  /** Absent where nothing was ever written. */
  readonly verified?: Verified;
  /** Entries that cannot be opened, as they lie in the database. */
  readonly damaged: readonly Row[];
}

interface Opened {
  readonly db: JournalDatabase;
  readonly keys: JournalKeys;
  readonly pen: Pen;
}

const MAX_EVENTS_AN_ENTRY = 500;
const LEGACY_CHUNK = 2_000;

/** Opens on first use and again after the browser closed the connection. @param keep see `SessionKeep` */
export function openJournal(
  keep: SessionKeep = memoryKeep(),
  now: () => Moment = Date.now,
  askLockKey: AskLockKey = async () => undefined,
): Journal {
  let connection: Promise<Opened> | undefined;
  const forget = () => {
    connection = undefined;
  };
  const open = () => {
    connection ??= connect(keep, now, askLockKey, forget).catch((error: unknown) => {
      forget();
      throw error;
    });
    return connection;
  };
  // One after the other: of two entries at once the second would be chained to a head that is no longer.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(job: (opened: Opened) => Promise<T>): Promise<T> => {
    const next = last.then(async () => job(await open()));
    last = next.catch(() => {});
    return next;
  };
  return {
    append: (events) =>
      inTurn(({ pen }) =>
        pen.write((recent) => {
          const fresh = unseen(events, recent);
          return fresh.length > 0 ? bodiesOf(fresh) : undefined;
        }, now()),
      ),
    noteGap: (gap) => inTurn(({ pen }) => pen.write(() => [{ kind: "gap", ...gap }], now())),
    noteChanges: (changes) => inTurn(({ pen }) => pen.write(() => [{ kind: "audit", changes }], now())),
    async changes(since, until, limit) {
      const { db, keys } = await open();
      return readNewestOf(db, keys, { kind: "audit", since, until, limit });
    },
    lastAt: async () => (await readHead((await open()).db))?.at,
    async between(since, until, limit) {
      const { db, keys } = await open();
      return (await readNewest(db, keys, { since, until, limit })).events;
    },
    async *entries(since, until) {
      const { db, keys } = await open();
      for await (const opened of readEntries(db, keys, since, until)) if ("entry" in opened) yield opened;
    },
    check: async () => check(await open()),
    signer: async () => (await open()).keys.signer,
    hashName: async (host) => (await open()).keys.hashName(host),
    count: async () => (await readHead((await open()).db))?.events ?? 0,
    fold: (before) => inTurn((opened) => fold(opened, dayOf(before), now())),
    erase: () =>
      inTurn(async ({ db, keys, pen }) => {
        const isLocked = await keys.isLocked();
        const key = isLocked ? await askLockKey() : undefined;
        if (isLocked && !key) throw new JournalLockedError();
        await begin(() => eraseAll(db, "erased", key), keys, pen, now());
        return whatIsLeft(db);
      }),
    giveUp: () => inTurn(({ db, keys, pen }) => begin(() => eraseAll(db, "lost"), keys, pen, now())),
    isLocked: async () => (await open()).keys.isLocked(),
    lock: (key) => inTurn(({ keys }) => keys.lock(key)),
    unlockForGood: (key) => inTurn(({ keys }) => keys.unlockForGood(key)),
    forgetKeys: async () => (await open()).keys.forget(),
    replace: (entries) =>
      inTurn(async ({ db, keys, pen }) => {
        await replaceAll(db, await keys.publicKey(), entries);
        pen.forget();
        await pen.write(() => [{ kind: "mark", reason: "restored" }], now());
      }),
  };
}

async function connect(
  keep: SessionKeep,
  now: () => Moment,
  askLockKey: AskLockKey,
  onGone: () => void,
): Promise<Opened> {
  const db = await openDatabase(onGone);
  const keys = await openKeys(db, askLockKey);
  const pen = new Pen(db, keys, keep);
  await takeOver(db, pen, now());
  return { db, keys, pen };
}

/** A new chain, after what was there is gone. */
async function begin(clear: () => Promise<void>, keys: JournalKeys, pen: Pen, at: Moment): Promise<void> {
  await clear();
  keys.forget();
  pen.forget();
  await pen.write(() => [], at);
}

/** Seals what version 1 had left in the clear, piece by piece; a piece is gone there as soon as it is here. */
async function takeOver(db: JournalDatabase, pen: Pen, at: Moment): Promise<void> {
  for (;;) {
    const old = await db.getAllFromIndex("events", "at", undefined, LEGACY_CHUNK);
    if (old.length === 0) return;
    const writes: Parameters<Pen["write"]>[2] = {
      writes: (transaction) => old.map(({ id }) => transaction.objectStore("events").delete(id)),
      gone: 0,
      isDue: async (transaction) => (await transaction.objectStore("events").getKey(old[0]?.id ?? "")) !== undefined,
    };
    await pen.write(() => bodiesOf(old), at, writes);
  }
}

function unseen(events: readonly JournalEvent[], recent: ReadonlySet<string>): JournalEvent[] {
  const byId = new Map<string, JournalEvent>();
  for (const event of events) if (!recent.has(event.id) && !byId.has(event.id)) byId.set(event.id, event);
  return [...byId.values()];
}

/** Entries of one day each, so that a day's events can be found without opening others. */
function bodiesOf(events: readonly JournalEvent[]): Body<JournalEvent>[] {
  const bodies: { kind: "events"; events: JournalEvent[]; day: string }[] = [];
  for (const event of events) {
    const day = dayOf(event.at);
    const last = bodies.at(-1);
    if (last?.day === day && last.events.length < MAX_EVENTS_AN_ENTRY) last.events.push(event);
    else bodies.push({ kind: "events", events: [event], day });
  }
  return bodies.map(({ kind, events: some }) => ({ kind, events: some }));
}

async function check({ db, keys }: Opened): Promise<Check> {
  const verifier = new ChainVerifier(crypto.subtle, keys.signer.key);
  const damaged: Row[] = [];
  const [first, last] = await Promise.all([edgeOf(db, "next"), edgeOf(db, "prev")]);
  for await (const opened of readRange(db, keys, first ?? 0, last ?? -1)) {
    if ("damaged" in opened) damaged.push(opened.damaged);
    else await verifier.add(opened.entry, opened.hash);
  }
  const verified = verifier.result();
  return { ...(verified ? { verified } : {}), damaged };
}

async function edgeOf(db: JournalDatabase, direction: "next" | "prev"): Promise<number | undefined> {
  return (await db.transaction("entries").store.openKeyCursor(null, direction))?.key;
}

/** Only from the chain's beginning, and not past anything that is damaged. */
async function fold({ db, keys, pen }: Opened, before: string, at: Moment): Promise<number> {
  const days = new DayCounter();
  let through: { n: number; hash: string } | undefined;
  let gone = 0;
  for await (const { n, entry, hash } of olderThan(before, db, keys)) {
    through = { n, hash };
    if (entry.kind === "fold") for (const day of entry.days) days.addDay(day);
    if (entry.kind !== "events") continue;
    gone += entry.events.length;
    for (const event of entry.events) days.add(event);
  }
  if (!through || gone === 0) return 0;
  const { n, hash } = through;
  const keysToDrop = await keysUpTo(n, db);
  await pen.write(() => [{ kind: "fold", through: n, hash, days: days.result() }], at, {
    writes: (transaction) => [
      transaction.objectStore("entries").delete(IDBKeyRange.upperBound(n)),
      ...keysToDrop.map((key) => transaction.objectStore("dataKeys").delete(key)),
    ],
    gone,
  });
  return gone;
}

async function* olderThan(before: string, db: JournalDatabase, keys: JournalKeys) {
  const [first, last] = await Promise.all([edgeOf(db, "next"), edgeOf(db, "prev")]);
  for await (const opened of readRange(db, keys, first ?? 0, last ?? -1)) {
    if ("damaged" in opened || dayOf(momentOf(opened.entry)) >= before) return;
    yield opened;
  }
}

/** Data keys that nothing after an entry needs: each is used for one run of entries. */
async function keysUpTo(n: number, db: JournalDatabase): Promise<string[]> {
  const used = new Set((await db.getAll("entries", IDBKeyRange.upperBound(n))).map(({ key }) => key));
  const next = await db.get("entries", n + 1);
  if (next) used.delete(next.key);
  return [...used];
}

function momentOf(entry: JournalEntry): Moment {
  return entry.kind === "events" ? (entry.events[0]?.at ?? entry.at) : entry.at;
}

/** Looks at what is left after erasing. */
async function whatIsLeft(db: JournalDatabase): Promise<Erasure> {
  const [entries, ids, dataKeys, plain] = await Promise.all([
    db.count("entries"),
    db.count("recent"),
    db.count("dataKeys"),
    db.count("events"),
  ]);
  return { entries, ids, dataKeys, plain };
}

function memoryKeep(): SessionKeep {
  let kept: unknown;
  return {
    read: async () => kept,
    async write(value) {
      kept = value;
    },
  };
}

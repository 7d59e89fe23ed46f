import type { DayTally } from "../core/analytics/day.ts";
import { daysOf, type Span, withEvents, withSpan } from "../core/analytics/fold.ts";
import type { Help } from "../core/analytics/intervention.ts";
import type { LocalClock } from "../core/analytics/local-time.ts";
import type { AuditChange } from "../core/audit.ts";
import { type Audit, ChainVerifier, type Entry, type Gap, type Signer, type Verified } from "../core/chain.ts";
import { dayOf } from "../core/report/days.ts";
import type { JournalEntry } from "../core/report/forensic.ts";
import type { JournalEvent } from "../core/report/journal.ts";
import type { Moment } from "../core/types.ts";
import { clockHere } from "./clock.ts";
import { type JournalDatabase, type JournalName, openDatabase, type Row } from "./journal-database.ts";
import { addRows, type Count, readDays, readDaysAtHand, readHelps } from "./journal-days.ts";
import { bodiesOf } from "./journal-entries.ts";
import { fold } from "./journal-folding.ts";
import { type AskLockKey, type JournalKeys, openKeys } from "./journal-keys.ts";
import { takeOverEvents, takeOverRows } from "./journal-legacy.ts";
import { JournalLockedError } from "./journal-lock.ts";
import { type Draft, type Drafting, Pen, readHead } from "./journal-pen.ts";
import {
  edgeOf,
  type Opened as OpenedRow,
  readEntries,
  readNewest,
  readNewestOf,
  readRange,
} from "./journal-reading.ts";
import { type Contents, type Erasure, eraseAll, replaceAll } from "./journal-renewal.ts";
import type { LockKey } from "./lock-slots.ts";
import type { SessionKeep } from "./session-keep.ts";

/**
 * The journal: encrypted entries in a signed chain. The background is its one writer; other contexts read, and may replace
 * it as a whole. Under a lock that is not open it is still written; whatever reads throws JournalLockedError.
 */
export interface Journal {
  /** Resolves after commit. An event whose id was stored lately is left as it is. */
  append(events: readonly JournalEvent[]): Promise<void>;
  /** Counts time in front of a kind of place; it makes no entry. */
  addSpan(span: Span): Promise<void>;
  /** Writes down that nothing was recorded for a while. */
  noteGap(gap: Omit<Gap, "kind">): Promise<void>;
  /** Writes down what was changed about the guard itself. */
  noteChanges(changes: readonly AuditChange[]): Promise<void>;
  /** The newest entries that tell of such changes, newest first; both ends included. */
  changes(since: Moment, until: Moment, limit: number): Promise<(Entry & Audit)[]>;
  /** When it was last written to; undefined where there is none. */
  lastAt(): Promise<Moment | undefined>;
  /** Newest first; both ends included. */
  between(since: Moment, until: Moment, limit: number): Promise<JournalEvent[]>;
  /** Every entry that has to do with a period and all between, oldest first; what cannot be opened is left out. */
  entries(since: Moment, until: Moment): AsyncGenerator<Extract<OpenedRow, { entry: JournalEntry }>>;
  /** What was counted from a local day on, a row a day, ascending. The events of an entry are counted with its commit. */
  days(since: number): Promise<DayTally[]>;
  /** As `days`, of a locked journal too: what this session of the browser has counted today (UTC). */
  daysAtHand(since: number): Promise<DayTally[]>;
  /** The help that was offered. */
  helps(): Promise<Help[]>;
  /** Adds help, or puts it in the place of that with the same id. */
  putHelps(helps: readonly Help[]): Promise<void>;
  /** Reads everything and checks the chain from its beginning. */
  check(): Promise<Check>;
  signer(): Promise<Signer>;
  /** Stands for a host where names are not to be kept. */
  hashName(host: string): Promise<string>;
  count(): Promise<number>;
  /** The first day (UTC) of which an entry is kept. */
  oldestDay(): Promise<string | undefined>;
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
  /** Puts another chain, which must hold, and what was counted in the place of these. */
  replace(contents: Contents): Promise<void>;
  /** It opens again on the next use. */
  close(): Promise<void>;
}

export { isThere, removeJournal } from "./journal-database.ts";
export type { Contents, Erasure } from "./journal-renewal.ts";
export type { SessionKeep } from "./session-keep.ts";

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

/** Where a journal lies, and what it is written with; whoever only reads needs none of it. */
export interface JournalOptions {
  readonly name?: JournalName;
  readonly keep?: SessionKeep;
  readonly now?: () => Moment;
  /** In which local day and hour an event is counted. */
  readonly clock?: () => LocalClock;
  readonly askLockKey?: AskLockKey;
}

/** Opens on first use and again after the browser closed the connection. */
export function openJournal(options: JournalOptions = {}): Journal {
  const { now = Date.now, clock = clockHere } = options;
  let connection: Promise<Opened> | undefined;
  const forget = () => {
    connection = undefined;
  };
  const open = () => {
    connection ??= connect(options, forget).catch((error: unknown) => {
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
  const write = (drafting: Drafting) => inTurn(({ pen }) => pen.write(drafting, now()));
  return {
    append: (events) =>
      write((recent) => {
        const fresh = unseen(events, recent);
        return fresh.length > 0 ? { bodies: bodiesOf(fresh), ...countOf(fresh, clock()) } : undefined;
      }),
    addSpan: (span) => write(() => ({ bodies: [], count: countOfSpan(span, clock()) })),
    noteGap: (gap) => write(() => ({ bodies: [{ kind: "gap", ...gap }] })),
    noteChanges: (changes) => write(() => ({ bodies: [{ kind: "audit", changes }] })),
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
    async days(since) {
      const { db, keys } = await open();
      return readDays(db, keys, since);
    },
    async daysAtHand(since) {
      const { db, keys } = await open();
      return readDaysAtHand(db, keys, since);
    },
    async helps() {
      const { db, keys } = await open();
      return readHelps(db, keys);
    },
    putHelps: (helps) => inTurn(({ db, keys }) => addRows(db, keys, { days: [], helps })),
    check: async () => check(await open()),
    signer: async () => (await open()).keys.signer,
    hashName: async (host) => (await open()).keys.hashName(host),
    count: async () => (await readHead((await open()).db))?.events ?? 0,
    oldestDay: async () => (await (await open()).db.transaction("entries").store.index("day").openKeyCursor())?.key,
    fold: (before) => inTurn((opened) => fold(opened, dayOf(before), now())),
    ...renewal(inTurn, options),
    ...locking(open, inTurn),
    async close() {
      const opened = connection;
      forget();
      await opened?.then(({ db }) => db.close());
    },
  };
}

type InTurn = <T>(job: (opened: Opened) => Promise<T>) => Promise<T>;

/** What ends the chain that there is. */
function renewal(
  inTurn: InTurn,
  { now = Date.now, askLockKey = noKey }: JournalOptions,
): Pick<Journal, "erase" | "giveUp" | "replace"> {
  return {
    erase: () =>
      inTurn(async ({ db, keys, pen }) => {
        const isLocked = await keys.isLocked();
        const key = isLocked ? await askLockKey() : undefined;
        if (isLocked && !key) throw new JournalLockedError();
        await begin(() => eraseAll(db, "erased", key), keys, pen, now());
        return whatIsLeft(db);
      }),
    giveUp: () => inTurn(({ db, keys, pen }) => begin(() => eraseAll(db, "lost"), keys, pen, now())),
    replace: (contents) =>
      inTurn(async ({ db, keys, pen }) => {
        await replaceAll(db, await keys.publicKey(), contents);
        pen.forget();
        await pen.write(() => ({ bodies: [{ kind: "mark", reason: "restored" }] }), now());
      }),
  };
}

function locking(
  open: () => Promise<Opened>,
  inTurn: InTurn,
): Pick<Journal, "isLocked" | "lock" | "unlockForGood" | "forgetKeys"> {
  return {
    isLocked: async () => (await open()).keys.isLocked(),
    lock: (key) => inTurn(({ keys }) => keys.lock(key)),
    unlockForGood: (key) => inTurn(({ keys }) => keys.unlockForGood(key)),
    forgetKeys: async () => (await open()).keys.forget(),
  };
}

async function connect(options: JournalOptions, onGone: () => void): Promise<Opened> {
  const { name = "journal", keep = memoryKeep(), now = Date.now, askLockKey = noKey } = options;
  const db = await openDatabase(name, onGone);
  const keys = await openKeys(db, askLockKey, keep);
  const pen = new Pen(db, keys, keep);
  if (name === "journal") {
    await takeOverEvents(db, pen, now());
    await takeOverRows(db, keys);
  }
  return { db, keys, pen };
}

const noKey = async () => undefined;

/** A new chain, after what was there is gone. */
async function begin(clear: () => Promise<void>, keys: JournalKeys, pen: Pen, at: Moment): Promise<void> {
  await clear();
  keys.forget();
  pen.forget();
  await pen.write(() => ({ bodies: [] }), at);
}

function unseen(events: readonly JournalEvent[], recent: ReadonlySet<string>): JournalEvent[] {
  const byId = new Map<string, JournalEvent>();
  for (const event of events) if (!recent.has(event.id) && !byId.has(event.id)) byId.set(event.id, event);
  return [...byId.values()];
}

/** An event that cannot be counted costs its batch's count, not the batch. */
function countOf(events: readonly JournalEvent[], clock: LocalClock): Pick<Draft, "count"> {
  try {
    withEvents(new Map(), events, clock);
    const days = events.map(({ at }) => clock(at).day);
    return { count: { days, fold: (parts) => withEvents(parts, events, clock) } };
  } catch (error) {
    console.warn("A batch of events was not counted.", error);
    return {};
  }
}

function countOfSpan(span: Span, clock: LocalClock): Count {
  return { days: daysOf(span.from, span.until, clock), fold: (parts) => withSpan(parts, span, clock) };
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

/** Looks at what is left after erasing. */
async function whatIsLeft(db: JournalDatabase): Promise<Erasure> {
  const [entries, ids, dataKeys, days, helps, plain] = await Promise.all([
    db.count("entries"),
    db.count("recent"),
    db.count("dataKeys"),
    db.count("days"),
    db.count("helps"),
    db.count("events"),
  ]);
  return { entries, ids, dataKeys, rows: days + helps, plain };
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

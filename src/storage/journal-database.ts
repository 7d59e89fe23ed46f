import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Head, Mark } from "../core/chain.ts";
import type { JournalEvent } from "../core/report/journal.ts";
import type { Moment } from "../core/types.ts";
import type { SealingPair } from "./journal-lock.ts";
import type { WrappedKey } from "./seal.ts";

/**
 * What lies in the clear: how many entries there are, in which order, of which day, how long, and the random ids of the
 * newest events. Everything else is sealed.
 */
export interface JournalSchema extends DBSchema {
  entries: { key: number; value: Row; indexes: { day: string } };
  /** Ids of the events of the newest entries, by the entry's number, so that what is sent again is known. */
  recent: { key: number; value: readonly string[] };
  /** How the chain ends, and what an empty one will begin with. */
  state: { key: "head" | "mark"; value: StoredHead | Mark };
  keys: { key: KeyName; value: SealingPair | CryptoKey };
  dataKeys: { key: string; value: WrappedKey };
  /** Events of version 1, which lay in the clear, until they are taken over. */
  events: { key: string; value: JournalEvent; indexes: { at: Moment } };
}

export type KeyName = "device" | "sealing" | "names";

/** A sealed entry. */
export interface Row {
  readonly n: number;
  /** Of its events, UTC; an entry without events has the day on which it was written. */
  readonly day: string;
  /** Of the data key. */
  readonly key: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

export interface StoredHead extends Head {
  /** When it was written. */
  readonly at: Moment;
  /** How many events are kept. */
  readonly events: number;
  /** When the last checkpoint was written. */
  readonly checkedAt: Moment;
}

export type JournalDatabase = IDBPDatabase<JournalSchema>;

const DATABASE = "journal";
const VERSION = 2;

/** @param onGone called when the connection is closed by others; open anew then. */
export function openDatabase(onGone: () => void): Promise<JournalDatabase> {
  return openDB<JournalSchema>(DATABASE, VERSION, {
    upgrade(db, version) {
      if (version < 1) db.createObjectStore("events", { keyPath: "id" }).createIndex("at", "at");
      db.createObjectStore("entries", { keyPath: "n" }).createIndex("day", "day");
      db.createObjectStore("recent");
      db.createObjectStore("state");
      db.createObjectStore("keys");
      db.createObjectStore("dataKeys");
    },
    blocking(_, __, event) {
      (event.target as IDBDatabase).close();
      onGone();
    },
    terminated: onGone,
  });
}

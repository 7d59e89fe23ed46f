import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
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
  /** The analytics' days, in parts: see `DayParts`. By local day and data key. */
  days: { key: [day: number, key: string]; value: SealedRow };
  /** Help that was offered, by its id. */
  helps: { key: string; value: SealedRow };
  /** Events of version 1, which lay in the clear, until they are taken over. */
  events: { key: string; value: JournalEvent; indexes: { at: Moment } };
}

export type KeyName = "device" | "sealing" | "names";

export interface SealedRow {
  /** Of the data key. */
  readonly key: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

/** A sealed entry. */
export interface Row extends SealedRow {
  readonly n: number;
  /** Of its events, UTC; an entry without events has the day on which it was written. */
  readonly day: string;
}

export interface StoredHead extends Head {
  /** When the journal was last written to. */
  readonly at: Moment;
  /** How many events are kept. */
  readonly events: number;
  /** When the last checkpoint was written. */
  readonly checkedAt: Moment;
}

export type JournalDatabase = IDBPDatabase<JournalSchema>;

/** The user's own, an invented one to look at, and one that a backup is tried in; they are never mixed. */
export const JOURNALS = ["journal", "invented-journal", "rehearsed-journal"] as const;
export type JournalName = (typeof JOURNALS)[number];

const VERSION = 3;

/** @param onGone called when the connection is closed by others; open anew then. */
export function openDatabase(name: JournalName, onGone: () => void): Promise<JournalDatabase> {
  return openDB<JournalSchema>(name, VERSION, {
    upgrade(db, version) {
      if (version < 1) db.createObjectStore("events", { keyPath: "id" }).createIndex("at", "at");
      if (version < 2) {
        db.createObjectStore("entries", { keyPath: "n" }).createIndex("day", "day");
        for (const store of ["recent", "state", "keys", "dataKeys"] as const) db.createObjectStore(store);
      }
      for (const store of ["days", "helps"] as const) db.createObjectStore(store);
    },
    blocking(_, __, event) {
      (event.target as IDBDatabase).close();
      onGone();
    },
    terminated: onGone,
  });
}

/** Whether such a journal was ever opened and not removed since. */
export async function isThere(name: JournalName): Promise<boolean> {
  return (await indexedDB.databases()).some((database) => database.name === name);
}

/** Removes a journal with its keys; whoever holds it open is closed. Not for the user's own, whose erasing leaves a mark. */
export function removeJournal(name: Exclude<JournalName, "journal">): Promise<void> {
  return deleteDB(name);
}

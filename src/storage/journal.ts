import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { JournalEvent } from "../core/report/journal.ts";
import type { Moment } from "../core/types.ts";

interface JournalSchema extends DBSchema {
  events: { key: string; value: JournalEvent; indexes: { at: Moment } };
}

/** The journal's rows. The background is its one writer. */
export interface Journal {
  /** Resolves after commit. An event whose id is stored already is left as it is. */
  append(events: readonly JournalEvent[]): Promise<void>;
  /** Newest first; both ends included. */
  between(since: Moment, until: Moment, limit: number): Promise<JournalEvent[]>;
  count(): Promise<number>;
  /** Answers with the number of events erased. */
  erase(): Promise<number>;
}

const DATABASE = "journal";
const VERSION = 1;

/** Opens on first use and again after the browser closed the connection. */
export function openJournal(): Journal {
  let connection: Promise<IDBPDatabase<JournalSchema>> | undefined;
  const forget = () => {
    connection = undefined;
  };
  const open = () => {
    connection ??= openDB<JournalSchema>(DATABASE, VERSION, {
      upgrade: (db) => void db.createObjectStore("events", { keyPath: "id" }).createIndex("at", "at"),
      terminated: forget,
    }).catch((error: unknown) => {
      forget();
      throw error;
    });
    return connection;
  };
  return {
    append: async (events) => append(await open(), events),
    between: async (since, until, limit) => between(await open(), since, until, limit),
    count: async () => (await open()).count("events"),
    async erase() {
      const db = await open();
      const erased = await db.count("events");
      await db.clear("events");
      return erased;
    },
  };
}

async function append(db: IDBPDatabase<JournalSchema>, events: readonly JournalEvent[]): Promise<void> {
  const transaction = db.transaction("events", "readwrite", { durability: "strict" });
  const writes = events.map(async (event) => {
    if ((await transaction.store.getKey(event.id)) === undefined) await transaction.store.put(event);
  });
  await Promise.all([...writes, transaction.done]);
}

async function between(db: IDBPDatabase<JournalSchema>, since: Moment, until: Moment, limit: number) {
  const range = IDBKeyRange.bound(since, until);
  const found: JournalEvent[] = [];
  let cursor = await db.transaction("events").store.index("at").openCursor(range, "prev");
  while (cursor && found.length < limit) {
    found.push(cursor.value);
    cursor = await cursor.continue();
  }
  return found;
}

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { DayTally } from "../core/analytics/day.ts";
import type { Book } from "../core/analytics/fold.ts";
import type { Help } from "../core/analytics/intervention.ts";
import type { Moment } from "../core/types.ts";

interface TallySchema extends DBSchema {
  days: { key: number; value: DayTally };
  helps: { key: string; value: Help };
  /** Ids of events that were counted lately, so that one which is sent again is not counted twice. */
  counted: { key: string; value: Moment; indexes: { at: Moment } };
}

/** A row a day, from which the analytics are computed. The background is its one writer. */
export interface Tallies {
  /**
   * Counts events of these days: `fold` gets their stored rows and the ids that are new, and gives the rows to store.
   * Rows and ids are committed together.
   */
  count(days: readonly number[], ids: readonly string[], at: Moment, fold: Fold): Promise<void>;
  /** Every row from a day on, ascending. */
  since(day: number): Promise<DayTally[]>;
  putDays(rows: readonly DayTally[]): Promise<void>;
  helps(): Promise<Help[]>;
  putHelps(helps: readonly Help[]): Promise<void>;
  erase(): Promise<void>;
}
export type Fold = (stored: Book, isNew: (id: string) => boolean) => Book;

const VERSION = 1;
/** The judge sends an event again for minutes, not for days. */
const REMEMBERED_MS = 2 * 86_400_000;

/** Opens on first use and again after the browser closed the connection. */
export function openTallies(name: "analytics" | "simulated-life"): Tallies {
  let connection: Promise<IDBPDatabase<TallySchema>> | undefined;
  const forget = () => {
    connection = undefined;
  };
  const open = () => {
    connection ??= openDB<TallySchema>(name, VERSION, { upgrade: create, terminated: forget }).catch(
      (error: unknown) => {
        forget();
        throw error;
      },
    );
    return connection;
  };
  return {
    count: async (days, ids, at, fold) => count(await open(), days, ids, at, fold),
    since: async (day) => (await open()).getAll("days", IDBKeyRange.lowerBound(day)),
    async putDays(rows) {
      const transaction = (await open()).transaction("days", "readwrite");
      await Promise.all([...rows.map((row) => transaction.store.put(row)), transaction.done]);
    },
    helps: async () => (await open()).getAll("helps"),
    async putHelps(helps) {
      const transaction = (await open()).transaction("helps", "readwrite");
      await Promise.all([...helps.map((help) => transaction.store.put(help)), transaction.done]);
    },
    async erase() {
      const transaction = (await open()).transaction(["days", "helps", "counted"], "readwrite");
      const stores = (["days", "helps", "counted"] as const).map((store) => transaction.objectStore(store).clear());
      await Promise.all([...stores, transaction.done]);
    },
  };
}

function create(db: IDBPDatabase<TallySchema>) {
  db.createObjectStore("days", { keyPath: "day" });
  db.createObjectStore("helps", { keyPath: "id" });
  db.createObjectStore("counted").createIndex("at", "");
}

async function count(
  db: IDBPDatabase<TallySchema>,
  days: readonly number[],
  ids: readonly string[],
  at: Moment,
  fold: Fold,
) {
  const transaction = db.transaction(["days", "counted"], "readwrite");
  const [rows, counted] = [transaction.objectStore("days"), transaction.objectStore("counted")];
  const stored = await Promise.all([...new Set(days)].map((day) => rows.get(day)));
  const known = new Set((await Promise.all(ids.map((id) => counted.getKey(id)))).filter((id) => id !== undefined));
  const book = new Map(stored.flatMap((row) => (row ? [[row.day, row] as const] : [])));
  const next = fold(book, (id) => !known.has(id));
  const writes: Promise<unknown>[] = [...next.values()].map((row) => rows.put(row));
  for (const id of ids) if (!known.has(id)) writes.push(counted.put(at, id));
  for (const old of await counted.index("at").getAllKeys(IDBKeyRange.upperBound(at - REMEMBERED_MS), 500)) {
    writes.push(counted.delete(old));
  }
  await Promise.all([...writes, transaction.done]);
}

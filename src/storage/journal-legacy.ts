import { deleteDB, openDB } from "idb";
import type { DayTally } from "../core/analytics/day.ts";
import type { Help } from "../core/analytics/intervention.ts";
import type { Moment } from "../core/types.ts";
import type { JournalDatabase } from "./journal-database.ts";
import { addRows } from "./journal-days.ts";
import { bodiesOf } from "./journal-entries.ts";
import type { JournalKeys } from "./journal-keys.ts";
import type { Also, Pen } from "./journal-pen.ts";

const CHUNK = 2_000;
/** The analytics' rows of versions 1 and 2, in the clear. */
const ANALYTICS = "analytics";

/** Seals what version 1 had left in the clear, piece by piece; a piece is gone there as soon as it is here. */
export async function takeOverEvents(db: JournalDatabase, pen: Pen, at: Moment): Promise<void> {
  for (;;) {
    const old = await db.getAllFromIndex("events", "at", undefined, CHUNK);
    if (old.length === 0) return;
    const writes: Also = {
      writes: (transaction) => old.map(({ id }) => transaction.objectStore("events").delete(id)),
      gone: 0,
      isDue: async (transaction) => (await transaction.objectStore("events").getKey(old[0]?.id ?? "")) !== undefined,
    };
    await pen.write(() => ({ bodies: bodiesOf(old) }), at, writes);
  }
}

/** Seals the rows that lay in a database of their own, which is removed after that; nothing where there is none. */
export async function takeOverRows(db: JournalDatabase, keys: JournalKeys): Promise<void> {
  const all = await indexedDB.databases();
  if (!all.some(({ name }) => name === ANALYTICS)) return;
  const old = await openDB(ANALYTICS);
  const has = (store: string) => old.objectStoreNames.contains(store);
  const days: DayTally[] = has("days") ? await old.getAll("days") : [];
  const helps: Help[] = has("helps") ? await old.getAll("helps") : [];
  old.close();
  // Whoever is killed before the last line, or does it beside another, counts nothing twice.
  await addRows(db, keys, { days, helps }, ANALYTICS);
  keys.forget();
  await deleteDB(ANALYTICS);
}

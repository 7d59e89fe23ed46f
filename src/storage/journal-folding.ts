import { DayCounter, dayOf } from "../core/report/days.ts";
import type { JournalEntry } from "../core/report/forensic.ts";
import type { Moment } from "../core/types.ts";
import type { JournalDatabase } from "./journal-database.ts";
import { countRowKeys, gatherRows } from "./journal-days.ts";
import type { JournalKeys } from "./journal-keys.ts";
import type { Pen } from "./journal-pen.ts";
import { edgeOf, readRange } from "./journal-reading.ts";

interface Opened {
  readonly db: JournalDatabase;
  readonly keys: JournalKeys;
  readonly pen: Pen;
}

const MOST_ROW_KEYS = 40;

/** Drops the events before a day but for their counts; only from the chain's beginning, and not past anything that is damaged. */
export async function fold({ db, keys, pen }: Opened, before: string, at: Moment): Promise<number> {
  if ((await countRowKeys(db)) > MOST_ROW_KEYS) await gather({ db, keys, pen });
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
  await gather({ db, keys, pen });
  const keysToDrop = await keysUpTo(n, db);
  const bodies = [{ kind: "fold", through: n, hash, days: days.result() } as const];
  await pen.write(() => ({ bodies }), at, {
    writes: (transaction) => [
      transaction.objectStore("entries").delete(IDBKeyRange.upperBound(n)),
      ...keysToDrop.map((key) => transaction.objectStore("dataKeys").delete(key)),
    ],
    gone,
  });
  return gone;
}

async function gather({ db, keys, pen }: Opened): Promise<void> {
  await gatherRows(db, keys);
  pen.forget();
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

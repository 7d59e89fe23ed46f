import { type DayTally, mergedDays } from "../core/analytics/day.ts";
import type { Book } from "../core/analytics/fold.ts";
import type { Help } from "../core/analytics/intervention.ts";
import type { JournalDatabase, SealedRow } from "./journal-database.ts";
import type { JournalKeys } from "./journal-keys.ts";
import { decrypt, encrypt, importDataKey, newDataKey, type WrappedKey, wrapKey } from "./seal.ts";

/**
 * The analytics' rows, sealed as entries are. Writing takes no private key: a local day has a part for each data key that
 * it was written with, whose sum the day is, and the part of the present key alone is added to.
 */
export interface Count {
  /** The local days that are touched. */
  readonly days: readonly number[];
  /** Gets the parts of these days as far as there are any. */
  readonly fold: (parts: Book) => Book;
}

/** A part of a day that is ready to be committed. */
export interface PartRow {
  readonly id: PartId;
  readonly part: DayTally;
  readonly row: SealedRow;
  /** Of the row that it takes the place of; absent where there was none. */
  readonly before?: Uint8Array<ArrayBuffer>;
}
/** Local day and data key. */
export type PartId = [day: number, key: string];

/** What parts are sealed with. */
interface Sealing {
  readonly key: { readonly id: string };
  readonly opened: CryptoKey;
}

/** Remembers the parts that were written last, which are those that are added to next. */
export class DayParts {
  readonly #db: JournalDatabase;
  #known = new Map<number, { readonly key: string; readonly part: DayTally; readonly iv: Uint8Array<ArrayBuffer> }>();

  constructor(db: JournalDatabase) {
    this.#db = db;
  }

  /** Before the transaction, since WebCrypto would end it. */
  async compose({ days, fold }: Count, { key, opened }: Sealing): Promise<PartRow[]> {
    const before = new Map<number, Uint8Array<ArrayBuffer>>();
    const book = new Map<number, DayTally>();
    for (const day of new Set(days)) {
      const known = await this.#partOf(day, key.id, opened);
      if (!known) continue;
      book.set(day, known.part);
      before.set(day, known.iv);
    }
    const rows = [...fold(book).values()].filter((part) => part !== book.get(part.day));
    return Promise.all(
      rows.map(async (part) => {
        const id: PartId = [part.day, key.id];
        const iv = before.get(part.day);
        return { id, part, row: await sealedRow(part, String(id), key.id, opened), ...(iv ? { before: iv } : {}) };
      }),
    );
  }

  /** Call after commit. */
  keep(rows: readonly PartRow[]): void {
    const newest = Math.max(...rows.map(({ part }) => part.day));
    for (const { id, part, row } of rows) this.#known.set(part.day, { key: id[1], part, iv: row.iv });
    for (const day of this.#known.keys()) if (day < newest - 1) this.#known.delete(day);
  }

  forget(): void {
    this.#known.clear();
  }

  async #partOf(day: number, key: string, opened: CryptoKey) {
    const known = this.#known.get(day);
    if (known?.key === key) return known;
    const row = await this.#db.get("days", [day, key]);
    const part = row && (await openRow<DayTally>(row, String([day, key]), opened));
    return part && { key, part, iv: row.iv };
  }
}

/** Every day from one on, ascending; parts that cannot be opened are left out. */
export async function readDays(db: JournalDatabase, keys: JournalKeys, since: number): Promise<DayTally[]> {
  const range = IDBKeyRange.lowerBound([since, ""]);
  const [rows, ids] = await Promise.all([db.getAll("days", range), db.getAllKeys("days", range)]);
  return mergedDays(await openAll<DayTally>(rows, ids.map(String), keys.dataKey));
}

/** What can be read of a locked journal: the parts that were written with the key of this session of the browser. */
export async function readDaysAtHand(db: JournalDatabase, keys: JournalKeys, since: number): Promise<DayTally[]> {
  const range = IDBKeyRange.lowerBound([since, ""]);
  const [rows, ids] = await Promise.all([db.getAll("days", range), db.getAllKeys("days", range)]);
  return mergedDays(await openAll<DayTally>(rows, ids.map(String), keys.dataKeyAtHand));
}

/** The help that was offered, by id. */
export async function readHelps(db: JournalDatabase, keys: JournalKeys): Promise<Help[]> {
  const [rows, ids] = await Promise.all([db.getAll("helps"), db.getAllKeys("helps")]);
  return openAll<Help>(rows, ids, keys.dataKey);
}

async function openAll<T>(
  rows: readonly SealedRow[],
  bound: readonly string[],
  dataKey: (id: string) => Promise<CryptoKey | undefined>,
): Promise<T[]> {
  const opened = await Promise.all(
    rows.map(async (row, i) => {
      const key = await dataKey(row.key);
      return key && openRow<T>(row, bound[i] ?? "", key);
    }),
  );
  return opened.filter((one) => one !== undefined);
}

async function openRow<T>({ iv, sealed }: SealedRow, bound: string, key: CryptoKey): Promise<T | undefined> {
  try {
    return JSON.parse(new TextDecoder().decode(await decrypt(sealed, iv, bound, key)));
  } catch {
    return undefined;
  }
}

async function sealedRow(value: DayTally | Help, bound: string, key: string, opened: CryptoKey): Promise<SealedRow> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(value));
  return { key, iv, sealed: await encrypt(text, iv, bound, opened) };
}

/** What was counted, in the clear. */
export interface Rows {
  readonly days: readonly DayTally[];
  readonly helps: readonly Help[];
}

/** Rows under one key of their own, which is not yet in the database. */
export interface SealedRows {
  readonly key: string;
  readonly wrapped: WrappedKey;
  readonly days: readonly (readonly [PartId, SealedRow])[];
  readonly helps: readonly (readonly [string, SealedRow])[];
}

/** No entry is sealed with such a key, so that it can go with the rows. */
const ROW_KEY = "rows ";

/** @param name of the key: rows that are sealed again under the same name take the place of those before. */
export async function sealRows({ days, helps }: Rows, publicKey: CryptoKey, name?: string): Promise<SealedRows> {
  const { id, raw } = newDataKey("");
  const key = ROW_KEY + (name ?? id);
  const [opened, wrapped] = await Promise.all([importDataKey(raw), wrapKey(raw, publicKey)]);
  const dayRow = async (day: DayTally) => {
    const part: PartId = [day.day, key];
    return [part, await sealedRow(day, String(part), key, opened)] as const;
  };
  const helpRow = async (help: Help) => [help.id, await sealedRow(help, help.id, key, opened)] as const;
  const [sealedDays, sealedHelps] = await Promise.all([Promise.all(days.map(dayRow)), Promise.all(helps.map(helpRow))]);
  return { key, wrapped, days: sealedDays, helps: sealedHelps };
}

const ROW_STORES = ["days", "helps", "dataKeys"] as const;
interface RowStores {
  readonly days: { put(row: SealedRow, id: PartId): Promise<unknown> };
  readonly helps: { put(row: SealedRow, id: string): Promise<unknown> };
  readonly dataKeys: { put(key: WrappedKey, id: string): Promise<unknown> };
}

export function putRows({ key, wrapped, days, helps }: SealedRows, stores: RowStores): Promise<unknown>[] {
  return [
    stores.dataKeys.put(wrapped, key),
    ...days.map(([id, row]) => stores.days.put(row, id)),
    ...helps.map(([id, row]) => stores.helps.put(row, id)),
  ];
}

function openRowStores(db: JournalDatabase) {
  const transaction = db.transaction(ROW_STORES, "readwrite");
  const [days, helps] = [transaction.objectStore("days"), transaction.objectStore("helps")];
  return { days, helps, dataKeys: transaction.objectStore("dataKeys"), done: transaction.done };
}

/** Adds rows, sealed with a key of their own, to those that there are. @param name see `sealRows` */
export async function addRows(db: JournalDatabase, keys: JournalKeys, rows: Rows, name?: string): Promise<void> {
  const sealed = await sealRows(rows, await keys.publicKey(), name);
  const stores = openRowStores(db);
  await Promise.all([...putRows(sealed, stores), stores.done]);
}

/**
 * Puts all rows under one key, so that the keys of entries that are folded can go, and a year is read with one key. Nothing
 * else may write meanwhile.
 */
export async function gatherRows(db: JournalDatabase, keys: JournalKeys): Promise<void> {
  const [parts, days, helps, used] = await Promise.all([
    db.getAllKeys("days"),
    readDays(db, keys, 0),
    readHelps(db, keys),
    db.getAllKeys("dataKeys", IDBKeyRange.bound(ROW_KEY, `${ROW_KEY}~`)),
  ]);
  const sealed = await sealRows({ days, helps }, await keys.publicKey());
  const stores = openRowStores(db);
  await Promise.all([
    ...parts.map((id) => stores.days.delete(id)),
    stores.helps.clear(),
    ...used.map((id) => stores.dataKeys.delete(id)),
    ...putRows(sealed, stores),
    stores.done,
  ]);
}

/** By how many keys the rows are sealed: each has to be opened to read them. */
export async function countRowKeys(db: JournalDatabase): Promise<number> {
  const [days, helps] = await Promise.all([db.getAll("days"), db.getAll("helps")]);
  return new Set([...days, ...helps].map(({ key }) => key)).size;
}

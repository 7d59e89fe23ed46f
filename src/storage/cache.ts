import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Moment } from "../core/types.ts";

interface CacheSchema extends DBSchema {
  keys: { key: "name" | "content"; value: CryptoKey };
  rows: { key: string; value: Row; indexes: { at: Moment } };
}

interface Row {
  /** HMAC-SHA-256 of the name, so that neither the names nor how many share a beginning can be read. */
  readonly name: string;
  readonly at: Moment;
  readonly iv: Uint8Array<ArrayBuffer>;
  /** AES-GCM, 256 bits, of the value as JSON; bound to its name. */
  readonly sealed: ArrayBuffer;
}

/**
 * Values by name that outlive the visit, and can be lost at any time. The judge is its one writer. The keys cannot be
 * taken out of the browser's store; they keep the rows from who reads files, not from who runs this extension's code.
 */
export interface Cache {
  /** Undefined also where the row cannot be opened, which is then gone. */
  get(name: string): Promise<unknown>;
  /** @param at decides which rows go first when there are more than `MAX_ROWS`. */
  put(name: string, value: unknown, at: Moment): Promise<void>;
  count(): Promise<number>;
  /** The rows and the keys. */
  erase(): Promise<void>;
}

/** About 1.5 KB each. */
export const MAX_ROWS = 5_000;
/** Old rows go in batches, not with every new one. */
const SLACK = 250;

const DATABASE = "cache";
const VERSION = 1;

interface Opened {
  readonly db: IDBPDatabase<CacheSchema>;
  readonly nameKey: CryptoKey;
  readonly contentKey: CryptoKey;
}

/** Opens on first use, and again after the browser closed the connection or the keys were erased. */
export function openCache(): Cache {
  let opening: Promise<Opened> | undefined;
  const forget = () => {
    opening = undefined;
  };
  const open = () => {
    opening ??= openDatabase(forget).catch((error: unknown) => {
      forget();
      throw error;
    });
    return opening;
  };
  return {
    async get(name) {
      const { db, nameKey, contentKey } = await open();
      const key = await keyed(name, nameKey);
      const row = await db.get("rows", key);
      if (!row) return undefined;
      const value = await unsealed(row, contentKey);
      if (value === undefined) await db.delete("rows", key);
      return value;
    },
    async put(name, value, at) {
      const { db, nameKey, contentKey } = await open();
      const row = await sealed(await keyed(name, nameKey), value, at, contentKey);
      await db.put("rows", row);
      if ((await db.count("rows")) > MAX_ROWS + SLACK) await dropOldest(db);
    },
    count: async () => (await open()).db.count("rows"),
    async erase() {
      const { db } = await open();
      await Promise.all([db.clear("rows"), db.clear("keys")]);
      db.close();
      forget();
    },
  };
}

async function openDatabase(onTerminated: () => void): Promise<Opened> {
  const db = await openDB<CacheSchema>(DATABASE, VERSION, {
    upgrade(fresh) {
      fresh.createObjectStore("keys");
      fresh.createObjectStore("rows", { keyPath: "name" }).createIndex("at", "at");
    },
    terminated: onTerminated,
  });
  const nameKey = await keyOf(db, "name", () =>
    crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]),
  );
  const contentKey = await keyOf(db, "content", () =>
    crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
  );
  return { db, nameKey, contentKey };
}

/** The stored key, or a fresh one; where another context was quicker, its key counts. */
async function keyOf(db: IDBPDatabase<CacheSchema>, which: "name" | "content", make: () => Promise<CryptoKey>) {
  const stored = await db.get("keys", which);
  if (stored) return stored;
  const fresh = await make();
  const { store, done } = db.transaction("keys", "readwrite");
  const theirs = await store.get(which);
  if (!theirs) await store.put(fresh, which);
  await done;
  return theirs ?? fresh;
}

async function keyed(name: string, key: CryptoKey): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(name));
  return Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function sealed(name: string, value: unknown, at: Moment, key: CryptoKey): Promise<Row> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const content = new TextEncoder().encode(JSON.stringify(value));
  return { name, at, iv, sealed: await crypto.subtle.encrypt(gcm(iv, name), key, content) };
}

async function unsealed({ name, iv, sealed: content }: Row, key: CryptoKey): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(gcm(iv, name), key, content)));
  } catch {
    return undefined;
  }
}

function gcm(iv: Uint8Array<ArrayBuffer>, name: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) };
}

async function dropOldest(db: IDBPDatabase<CacheSchema>): Promise<void> {
  const transaction = db.transaction("rows", "readwrite");
  let surplus = (await transaction.store.count()) - MAX_ROWS;
  for (let cursor = await transaction.store.index("at").openKeyCursor(); cursor && surplus > 0; surplus--) {
    await transaction.store.delete(cursor.primaryKey);
    cursor = await cursor.continue();
  }
  await transaction.done;
}

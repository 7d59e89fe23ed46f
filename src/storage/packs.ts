import { type DBSchema, openDB } from "idb";

interface PacksSchema extends DBSchema {
  files: { key: string; value: Blob };
}

/**
 * The files of model packs by SHA-256. The options page is the one writer; whoever reads must check the hash. They are
 * losable: the pins, which make a pack trusted, lie elsewhere. A private window of Chrome has a database of its own, which
 * is empty.
 */
export interface PackFiles {
  /** Resolves after commit. */
  put(sha256: string, file: Blob): Promise<void>;
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Drops every other file. */
  keepOnly(hashes: readonly string[]): Promise<void>;
}

const DATABASE = "packs";
const VERSION = 1;

/** Opens the database for each call, since calls are rare and contexts come and go. */
export function openPackFiles(): PackFiles {
  return {
    put: (sha256, file) => using(async (db) => void (await db.put("files", file, sha256))),
    read: (sha256) =>
      using(async (db) => {
        const file = await db.get("files", sha256);
        return file && new Uint8Array(await file.arrayBuffer());
      }),
    keepOnly: (hashes) =>
      using(async (db) => {
        const keys = await db.getAllKeys("files");
        await Promise.all(keys.filter((key) => !hashes.includes(key)).map((key) => db.delete("files", key)));
      }),
  };
}

type Database = Awaited<ReturnType<typeof open>>;

function open() {
  return openDB<PacksSchema>(DATABASE, VERSION, { upgrade: (db) => void db.createObjectStore("files") });
}

async function using<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const db = await open();
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import { beforeEach, describe, expect, test } from "vitest";
import type { JournalEntry } from "../../src/core/report/forensic.ts";
import type { JournalEvent } from "../../src/core/report/journal.ts";
import { type Journal, openJournal, type SessionKeep } from "../../src/storage/journal.ts";

const DAY = 86_400_000;
let journal: Journal;
let now = 0;
const event = (id: string, at: number): JournalEvent => ({
  kind: "tally",
  id,
  at,
  site: "secret.example",
  subject: "text",
  allowed: 1,
});
const ids = async (from = journal) => (await from.between(0, Number.MAX_SAFE_INTEGER, 1e9)).map(({ id }) => id);

function keepInMemory(): SessionKeep & { value: unknown } {
  const keep: SessionKeep & { value: unknown } = {
    value: undefined,
    read: async () => keep.value,
    async write(value) {
      keep.value = value;
    },
  };
  return keep;
}

async function entriesOf(from = journal, since = 0, until = Number.MAX_SAFE_INTEGER): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const { entry } of from.entries(since, until)) entries.push(entry);
  return entries;
}

const kindsOf = (entries: readonly JournalEntry[]) => entries.map(({ kind }) => kind);

/** Everything in the database, as text: what somebody sees who reads the browser's files. */
async function raw() {
  const db = await openDB("journal");
  const stores = await Promise.all(
    [...db.objectStoreNames].map(async (name) => [name, await db.getAll(name)] as [string, Record<string, unknown>[]]),
  );
  db.close();
  return Object.fromEntries(stores);
}

async function alter(change: (db: Awaited<ReturnType<typeof openDB>>) => Promise<unknown>) {
  const db = await openDB("journal");
  await change(db);
  db.close();
}

/**
 * A worker that is killed so many turns after it began so many transactions: every one that has not been committed is
 * gone, and no further one begins.
 */
function mortal({ transactions, turns }: { transactions: number; turns: number }) {
  const begin = IDBDatabase.prototype.transaction;
  const running: IDBTransaction[] = [];
  let isDead = false;
  const die = async () => {
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    isDead = true;
    for (const transaction of running) {
      try {
        transaction.abort();
      } catch {
        // It was committed.
      }
    }
  };
  let dying: Promise<void> | undefined;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...wanted: Parameters<typeof begin>) {
    const isUpgrade = (wanted[1] as string | undefined) === "versionchange";
    if (isDead && !isUpgrade) throw new DOMException("The worker is dead.", "InvalidStateError");
    const transaction = begin.apply(this, wanted);
    if (transaction.mode === "readwrite") running.push(transaction);
    if (!isUpgrade && --transactions === 0) dying = die();
    return transaction;
  };
  return async () => {
    await dying;
    IDBDatabase.prototype.transaction = begin;
    return isDead;
  };
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  now = 10 * DAY;
  journal = openJournal(keepInMemory(), () => now);
});

describe("reading", () => {
  test("events come back newest first, within the range, up to the limit", async () => {
    await journal.append([event("a", 1), event("c", 3), event("b", 2), event("d", 4)]);
    await journal.append([event("e", 3 * DAY), event("f", DAY + 1)]);
    expect((await journal.between(2, 4, 2)).map(({ id }) => id)).toEqual(["d", "c"]);
    expect((await journal.between(2, 3, 10)).map(({ id }) => id)).toEqual(["c", "b"]);
    expect(await ids()).toEqual(["e", "f", "d", "c", "b", "a"]);
    expect((await journal.between(0, Number.MAX_SAFE_INTEGER, 3)).map(({ id }) => id)).toEqual(["e", "f", "d"]);
    expect(await journal.between(5, 9, 10)).toEqual([]);
    expect(await journal.between(9, 5, 10)).toEqual([]);
  });

  test("more than one reading of rows: all of 700 entries, in order and without any twice", async () => {
    for (let i = 0; i < 700; i++) await journal.append([event(`e${i}`, i * 1_000)]);
    expect(await ids()).toEqual(Array.from({ length: 700 }, (_, i) => `e${699 - i}`));
    expect((await journal.check()).verified).toMatchObject({ begins: "mark", head: { n: 700 } });
  });

  test("a period takes in whole entries, those between them, and none besides", async () => {
    for (let day = 0; day < 5; day++) await journal.append([event(`d${day}`, day * DAY + 5)]);
    const found = await entriesOf(journal, DAY, 3 * DAY - 1);
    expect(found.map(({ n }) => n)).toEqual([2, 3]);
  });
});

describe("writing", () => {
  test("the same event twice is stored once, as it first was", async () => {
    await journal.append([event("a", 1)]);
    await journal.append([{ ...event("a", 1), site: "another" }, event("b", 2), event("b", 2)]);
    expect(await journal.count()).toBe(2);
    expect(await journal.between(1, 1, 1)).toMatchObject([{ site: "secret.example" }]);
  });

  test("a batch that is sent again after the writer was killed is known to the next one", async () => {
    await journal.append([event("a", 1), event("b", 2)]);
    const next = openJournal();
    await next.append([event("a", 1), event("b", 2)]);
    expect(await next.count()).toBe(2);
    expect(kindsOf(await entriesOf(next))).toEqual(["mark", "events"]);
  });

  test("writers that know nothing of each other make one chain", async () => {
    const writers = [journal, openJournal(undefined, () => now), openJournal(undefined, () => now)];
    await Promise.all(Array.from({ length: 30 }, (_, i) => (writers[i % 3] as Journal).append([event(`w${i}`, i)])));
    expect(new Set(await ids())).toEqual(new Set(Array.from({ length: 30 }, (_, i) => `w${i}`)));
    const { verified, damaged } = await journal.check();
    expect(damaged).toEqual([]);
    expect(verified).toMatchObject({ begins: "mark", head: { n: 30 } });
    expect(verified?.break).toBeUndefined();
  });

  test("100 writers that are killed at any moment lose nothing that they acknowledged, and break no chain", async () => {
    const acknowledged: string[] = [];
    let killed = 0;
    for (let life = 0; killed < 100; life++) {
      const bury = mortal({ transactions: 1 + (life % 16), turns: life % 5 });
      const writer = openJournal(undefined, () => now);
      const batches = Array.from({ length: 3 }, (_, i) => [
        event(`${life}-${i}-a`, life),
        event(`${life}-${i}-b`, life),
      ]);
      const work = batches.map(async (batch) => {
        await writer.append(batch);
        acknowledged.push(...batch.map(({ id }) => id));
      });
      await Promise.allSettled(work);
      if (await bury()) killed++;
    }
    await journal.append([event("last", 1)]);
    const stored = new Set(await ids());
    expect(acknowledged.length).toBeGreaterThan(50);
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    const { verified, damaged } = await journal.check();
    expect([verified?.break, damaged]).toEqual([undefined, []]);
  });

  test("a write that the database refuses is not acknowledged and leaves the journal as it was", async () => {
    await journal.append([event("a", 1)]);
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      const request = put.call(this, value, key);
      // As browsers do when the disk is full.
      if (this.name === "state") this.transaction.abort();
      return request;
    };
    await expect(journal.append([event("b", 2)])).rejects.toThrow();
    IDBObjectStore.prototype.put = put;
    expect(await ids()).toEqual(["a"]);
    await journal.append([event("b", 2)]);
    expect(await ids()).toEqual(["b", "a"]);
    expect((await journal.check()).verified?.break).toBeUndefined();
  });

  test("a day later the device signs what there is", async () => {
    await journal.append([event("a", now)]);
    now += DAY;
    await journal.append([event("b", now)]);
    now += 5;
    await journal.append([event("c", now)]);
    expect(kindsOf(await entriesOf())).toEqual(["mark", "events", "checkpoint", "events", "events"]);
    expect((await journal.check()).verified).toMatchObject({ checkpoints: 1 });
  });

  test("a clock that was set back is written down as a gap that runs backwards", async () => {
    await journal.append([event("a", now)]);
    now -= 3_600_000;
    await journal.append([event("b", now)]);
    const gap = (await entriesOf()).find(({ kind }) => kind === "gap");
    expect(gap).toMatchObject({ cause: "unknown", from: 10 * DAY, until: 10 * DAY - 3_600_000 });
    expect((await journal.check()).verified?.break).toBeUndefined();
    expect(await ids()).toEqual(["a", "b"]);
  });

  test("a gap is an entry, and the last moment that is known before it can be asked for", async () => {
    expect(await journal.lastAt()).toBeUndefined();
    await journal.append([event("a", now)]);
    expect(await journal.lastAt()).toBe(now);
    await journal.noteGap({ cause: "closed", from: now, until: now + 1_000 });
    expect((await entriesOf()).at(-1)).toMatchObject({ kind: "gap", cause: "closed", from: now, until: now + 1_000 });
  });
});

describe("at rest", () => {
  test("nothing of an event but its id can be read, nor is any key extractable", async () => {
    await journal.append([event("a", 1)]);
    const stores = await raw();
    expect(stores.events).toEqual([]);
    expect(JSON.stringify(stores)).not.toContain("secret.example");
    const text = stores.entries?.map(({ sealed }) => new TextDecoder().decode(sealed as ArrayBuffer)).join();
    expect(text).not.toContain("secret");
    expect(Object.keys(stores.entries?.[1] ?? {}).sort()).toEqual(["day", "iv", "key", "n", "sealed"]);
    const keys = (stores.keys ?? []) as unknown as (CryptoKey | CryptoKeyPair)[];
    const secret = keys.map((key) => ("privateKey" in key ? key.privateKey : key));
    expect(secret).toHaveLength(2);
    expect(secret.filter(({ extractable }) => extractable)).toEqual([]);
  });

  test("one data key a day and session, which only the private key opens", async () => {
    const keep = keepInMemory();
    const first = openJournal(keep, () => now);
    await first.append([event("a", 1)]);
    await openJournal(keep, () => now).append([event("b", 1)]);
    expect((await raw()).dataKeys).toHaveLength(1);
    await openJournal(keepInMemory(), () => now).append([event("c", 1)]);
    expect((await raw()).dataKeys).toHaveLength(2);
    now += DAY;
    await first.append([event("d", 1)]);
    expect((await raw()).dataKeys).toHaveLength(3);
    expect(await ids()).toHaveLength(4);
  });

  test("hosts are hashed with a key: the same host gives the same name, until the journal is erased", async () => {
    const name = await journal.hashName("a.example");
    expect(name).toMatch(/^~[0-9a-f]{16}$/);
    expect(await openJournal().hashName("a.example")).toBe(name);
    expect(await journal.hashName("b.example")).not.toBe(name);
    await journal.erase();
    expect(await journal.hashName("a.example")).not.toBe(name);
  });
});

describe("a journal of version 1", () => {
  const OLD = Array.from({ length: 4_500 }, (_, i) => event(`old-${i}`, i * 60_000));

  beforeEach(async () => {
    const db = await openDB("journal", 1, {
      upgrade: (old) => void old.createObjectStore("events", { keyPath: "id" }).createIndex("at", "at"),
    });
    const { store, done } = db.transaction("events", "readwrite");
    await Promise.all([...OLD.map((one) => store.put(one)), done]);
    db.close();
  });

  test("is taken over whole, sealed and chained, and nothing of it stays in the clear", async () => {
    expect(await journal.between(0, Number.MAX_SAFE_INTEGER, 1e9)).toEqual(OLD.toReversed());
    expect(await journal.count()).toBe(4_500);
    expect((await raw()).events).toEqual([]);
    expect((await journal.check()).verified).toMatchObject({ begins: "mark" });
  });

  test("is taken over without loss or repetition by two who begin at once", async () => {
    const other = openJournal();
    await Promise.all([journal.append([event("new", 1)]), other.append([event("newer", 2)])]);
    expect((await ids()).toSorted()).toEqual([...OLD.map(({ id }) => id), "new", "newer"].toSorted());
  });
});

describe("damage", () => {
  beforeEach(async () => {
    for (let i = 0; i < 6; i++) await journal.append([event(`e${i}`, i)]);
  });

  test("an altered row is named; the others are read and written on", async () => {
    await alter(async (db) => {
      const row = await db.get("entries", 3);
      new Uint8Array(row.sealed)[5] = (new Uint8Array(row.sealed)[5] ?? 0) ^ 1;
      await db.put("entries", row);
    });
    expect(await ids()).toEqual(["e5", "e4", "e3", "e1", "e0"]);
    const { verified, damaged } = await journal.check();
    expect(damaged.map(({ n }) => n)).toEqual([3]);
    expect(verified?.break).toEqual({ n: 4, code: "order" });
    await journal.append([event("after", 9)]);
    expect(await ids()).toContain("after");
  });

  test.each([
    ["removed", async (db: Awaited<ReturnType<typeof openDB>>) => db.delete("entries", 2), { n: 3, code: "order" }],
    [
      "put in another's place",
      async (db: Awaited<ReturnType<typeof openDB>>) => db.put("entries", { ...(await db.get("entries", 2)), n: 4 }),
      { n: 5, code: "order" },
    ],
  ])("a row that was %s is found", async (_, change, place) => {
    await alter(change);
    expect((await journal.check()).verified?.break).toEqual(place);
  });

  test("a journal that lost its head goes on with a mark that says so", async () => {
    await alter((db) => db.delete("state", "head"));
    const next = openJournal();
    await next.append([event("after", 9)]);
    expect(await ids(next)).toHaveLength(7);
    expect((await next.check()).verified?.break).toEqual({ n: 7, code: "damaged" });
  });
});

describe("folding", () => {
  beforeEach(async () => {
    for (let day = 0; day < 5; day++) {
      now = day * DAY + 100;
      await journal.append([event(`d${day}`, now), event(`e${day}`, now)]);
    }
  });

  test("drops old events but for their counts, and the chain still holds", async () => {
    expect(await journal.fold(3 * DAY)).toBe(6);
    expect((await ids()).toSorted()).toEqual(["d3", "d4", "e3", "e4"]);
    expect(await journal.count()).toBe(4);
    const { verified } = await journal.check();
    expect(verified).toMatchObject({ begins: "fold", first: expect.any(Number) });
    expect(verified?.break).toBeUndefined();
    expect((await entriesOf()).at(-1)).toMatchObject({
      kind: "fold",
      days: ["1970-01-01", "1970-01-02", "1970-01-03"].map((day) => ({ day, judged: 2, acted: 0, categories: {} })),
    });
    expect((await raw()).dataKeys).toHaveLength(2);
  });

  test("counts of an earlier fold are taken along, also when everything is folded", async () => {
    await journal.fold(2 * DAY);
    now = 9 * DAY;
    await journal.fold(4 * DAY);
    expect(await journal.fold(9 * DAY)).toBe(2);
    const days = (await entriesOf()).flatMap((entry) => (entry.kind === "fold" ? entry.days : []));
    expect(days.map(({ day, judged }) => `${day} ${judged}`).toSorted()).toEqual(
      [1, 2, 3, 4, 5].map((day) => `1970-01-0${day} 2`),
    );
    expect((await journal.check()).verified).toMatchObject({ begins: "fold" });
    expect(await journal.fold(9 * DAY)).toBe(0);
  });

  test("a fold whose hash is another's is no beginning", async () => {
    await journal.fold(3 * DAY);
    const entries = await entriesOf();
    const forged = entries.map((entry) => (entry.kind === "fold" ? { ...entry, through: entry.through - 1 } : entry));
    const other = openJournal();
    await other.replace(forged);
    expect((await other.check()).verified?.begins).toBe("piece");
  });
});

describe("erasing", () => {
  test("leaves nothing but a mark that names what was erased, under new keys", async () => {
    await journal.append([event("a", 1), event("b", 2)]);
    const [before, head] = [await raw(), (await journal.check()).verified?.head];
    expect(await journal.erase()).toEqual({ entries: 1, ids: 0, dataKeys: 1, plain: 0 });
    expect(await journal.count()).toBe(0);
    expect(await entriesOf()).toMatchObject([{ n: 0, kind: "mark", reason: "erased", before: head }]);
    const after = await raw();
    const sealedOf = (rows: typeof after) => rows.entries?.map(({ key }) => key);
    expect(sealedOf(after)).not.toContain(sealedOf(before)?.[0]);
    expect(after.recent).toEqual([]);
    // What was copied before can no longer be opened.
    await alter(async (db) => db.put("entries", { ...before.entries?.[1], n: 1 }));
    expect((await journal.check()).damaged.map(({ n }) => n)).toEqual([1]);
  });

  test("another context goes on reading and writing", async () => {
    const other = openJournal();
    await other.append([event("a", 1)]);
    await journal.erase();
    await other.append([event("b", 2)]);
    expect(await ids()).toEqual(["b"]);
    expect(await ids(other)).toEqual(["b"]);
    expect((await other.check()).verified?.break).toBeUndefined();
  });
});

test("a chain takes the place of another whole, and goes on", async () => {
  await journal.append([event("a", 1), event("b", 2)]);
  const kept = await entriesOf();
  await journal.append([event("c", 3)]);
  const other = openJournal(keepInMemory(), () => now);
  await other.replace(kept);
  expect(await ids()).toEqual(["b", "a"]);
  await journal.append([event("d", 4)]);
  expect(await ids(other)).toEqual(["d", "b", "a"]);
  const { verified, damaged } = await journal.check();
  expect([verified?.break, damaged, verified?.begins]).toEqual([undefined, [], "mark"]);
  expect(await journal.count()).toBe(3);
});

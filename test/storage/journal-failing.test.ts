import "fake-indexeddb/auto";
import type { openDB } from "idb";
import { beforeEach, describe, expect, test } from "vitest";
import type { Journal } from "../../src/storage/journal.ts";
import { alter, beginAnew, event, ids, open } from "./journalled.ts";

let journal: Journal;

beforeEach(() => {
  beginAnew();
  journal = open();
});

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

describe("what goes wrong while it is written", () => {
  test("100 writers that are killed at any moment lose nothing that they acknowledged, and break no chain", async () => {
    const acknowledged: string[] = [];
    let killed = 0;
    for (let life = 0; killed < 100; life++) {
      const bury = mortal({ transactions: 1 + (life % 16), turns: life % 5 });
      const writer = open();
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
    const stored = new Set(await ids(journal));
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
    expect(await ids(journal)).toEqual(["a"]);
    await journal.append([event("b", 2)]);
    expect(await ids(journal)).toEqual(["b", "a"]);
    expect((await journal.check()).verified?.break).toBeUndefined();
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
    expect(await ids(journal)).toEqual(["e5", "e4", "e3", "e1", "e0"]);
    const { verified, damaged } = await journal.check();
    expect(damaged.map(({ n }) => n)).toEqual([3]);
    expect(verified?.break).toEqual({ n: 4, code: "order" });
    await journal.append([event("after", 9)]);
    expect(await ids(journal)).toContain("after");
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
    const next = open();
    await next.append([event("after", 9)]);
    expect(await ids(next)).toHaveLength(7);
    expect((await next.check()).verified?.break).toEqual({ n: 7, code: "damaged" });
  });
});

import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeEach, describe, expect, test } from "vitest";
import type { Journal } from "../../src/storage/journal.ts";
import { beginAnew, DAY, event, ids, keepInMemory, open, raw, time } from "./journalled.ts";

let journal: Journal;

beforeEach(() => {
  beginAnew();
  journal = open();
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
    const first = open({ keep });
    await first.append([event("a", 1)]);
    await open({ keep }).append([event("b", 1)]);
    expect((await raw()).dataKeys).toHaveLength(1);
    await open().append([event("c", 1)]);
    expect((await raw()).dataKeys).toHaveLength(2);
    time.now += DAY;
    await first.append([event("d", 1)]);
    expect((await raw()).dataKeys).toHaveLength(3);
    expect(await ids(journal)).toHaveLength(4);
  });

  test("hosts are hashed with a key: the same host gives the same name, until the journal is erased", async () => {
    const name = await journal.hashName("a.example");
    expect(name).toMatch(/^~[0-9a-f]{16}$/);
    expect(await open().hashName("a.example")).toBe(name);
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
    const other = open();
    await Promise.all([journal.append([event("new", 1)]), other.append([event("newer", 2)])]);
    expect((await ids(journal)).toSorted()).toEqual([...OLD.map(({ id }) => id), "new", "newer"].toSorted());
  });
});

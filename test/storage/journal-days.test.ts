import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { emptyDay } from "../../src/core/analytics/day.ts";
import type { Help } from "../../src/core/analytics/intervention.ts";
import type { Journal } from "../../src/storage/journal.ts";
import { alter, beginAnew, DAY, entriesOf, event, ids, keepInMemory, open, raw, time } from "./journalled.ts";

let journal: Journal;
const HELP: Help = { id: "h", at: 1, kind: "reason", answer: "open", words: "tired and alone" };

beforeEach(() => {
  beginAnew();
  journal = open();
});

describe("what is counted", () => {
  test("is counted with the entry, each event once, however often it is sent", async () => {
    await journal.append([event("a", 1), event("b", 2)]);
    await journal.append([event("b", 2), event("c", DAY)]);
    expect((await journal.days(0)).map(({ day, judged }) => [day, judged])).toEqual([
      [0, 2],
      [1, 1],
    ]);
    expect((await journal.days(1)).map(({ day }) => day)).toEqual([1]);
  });

  test("is all of several batches and spans that come at once, of writers that know nothing of each other", async () => {
    const writers = [journal, open(), open()];
    await Promise.all(Array.from({ length: 30 }, (_, i) => (writers[i % 3] as Journal).append([event(`w${i}`, i)])));
    const spans = Array.from({ length: 6 }, (_, i) => ({ from: i * 1_000, until: i * 1_000 + 1_000 }));
    await Promise.all(spans.map((span, i) => writers[i % 3]?.addSpan({ ...span, hostClass: "news" })));
    expect(await journal.days(0)).toMatchObject([{ day: 0, judged: 30, activeByClass: { news: 6_000 } }]);
  });

  test("goes on where the writer before was killed, under the same key as under another", async () => {
    const keep = keepInMemory();
    await open({ keep }).append([event("a", 1)]);
    await open({ keep }).append([event("b", 2)]);
    await open().append([event("c", 3)]);
    expect(await journal.days(0)).toMatchObject([{ judged: 3 }]);
    expect((await raw()).days).toHaveLength(2);
  });

  test("needs no private key to be written", async () => {
    await journal.append([event("a", 1)]);
    await alter(async (db) => {
      const { publicKey } = await db.get("keys", "sealing");
      await db.put("keys", { publicKey }, "sealing");
    });
    await journal.append([event("b", 2)]);
    await open().append([event("c", 3)]);
    expect(await journal.count()).toBe(3);
  });

  test("is not counted where the entry is refused", async () => {
    await journal.append([event("a", 1)]);
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      const request = put.call(this, value, key);
      if (this.name === "state") this.transaction.abort();
      return request;
    };
    await expect(journal.append([event("b", 2)])).rejects.toThrow();
    IDBObjectStore.prototype.put = put;
    await journal.append([event("b", 2)]);
    expect(await journal.days(0)).toMatchObject([{ judged: 2 }]);
  });

  test("costs no event where it cannot be counted", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const broken = open({
      clock: () => () => {
        throw new Error("no such zone");
      },
    });
    await broken.append([event("a", 1)]);
    expect([await ids(journal), await journal.days(0)]).toEqual([["a"], []]);
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });

  test("lies sealed, and is gone when the journal is erased", async () => {
    await journal.append([event("a", 1)]);
    await journal.putHelps([HELP]);
    await journal.putHelps([{ ...HELP, answer: "used" }]);
    expect(await journal.helps()).toEqual([{ ...HELP, answer: "used" }]);
    const stores = await raw();
    for (const row of [...(stores.days ?? []), ...(stores.helps ?? [])]) {
      expect(Object.keys(row).sort()).toEqual(["iv", "key", "sealed"]);
      expect(new TextDecoder().decode(row.sealed as ArrayBuffer)).not.toMatch(/judged|tired/);
    }
    expect(await journal.erase()).toMatchObject({ rows: 0, dataKeys: 1 });
    expect([await journal.days(0), await journal.helps()]).toEqual([[], []]);
  });

  test("a row that was altered, or put in another's place, is left out", async () => {
    await journal.append([event("a", 1), event("b", DAY)]);
    await alter(async (db) => {
      const [id] = await db.getAllKeys("days");
      const [day, key] = id as [number, string];
      await db.put("days", await db.get("days", [day, key]), [7, key]);
    });
    expect((await journal.days(0)).map(({ day }) => day)).toEqual([0, 1]);
  });
});

describe("folding", () => {
  test("keeps what was counted, though the keys of its entries are dropped", async () => {
    for (let day = 0; day < 60; day++) {
      time.now = day * DAY + 100;
      await journal.append([event(`d${day}`, time.now)]);
    }
    await journal.putHelps([HELP]);
    expect(await journal.fold(30 * DAY)).toBe(30);
    const days = await journal.days(0);
    expect(days.map(({ day }) => day)).toEqual(Array.from({ length: 60 }, (_, day) => day));
    expect(await journal.helps()).toEqual([HELP]);
    expect(new Set((await raw()).days?.map(({ key }) => key)).size).toBe(1);
    await journal.append([event("after", time.now)]);
    expect((await journal.days(59)).map(({ judged }) => judged)).toEqual([2]);
  });
});

describe("restoring", () => {
  test("exchanges what was counted with the chain", async () => {
    await journal.append([event("a", 1)]);
    const kept = { entries: await entriesOf(journal), days: [{ ...emptyDay(3), judged: 9 }], helps: [HELP] };
    await journal.append([event("b", 2)]);
    await open().replace(kept);
    expect(await journal.days(0)).toEqual(kept.days);
    expect(await journal.helps()).toEqual([HELP]);
    await journal.append([event("c", 3 * DAY)]);
    expect(await journal.days(0)).toMatchObject([{ day: 3, judged: 10 }]);
  });
});

test("rows that lay in the clear are taken over once, and their database is gone", async () => {
  const old = await openDB("analytics", 1, {
    upgrade(db) {
      db.createObjectStore("days", { keyPath: "day" });
      db.createObjectStore("helps", { keyPath: "id" });
    },
  });
  await old.put("days", { ...emptyDay(4), judged: 5 });
  await old.put("helps", HELP);
  old.close();
  const both = await Promise.all([journal.days(0), open().days(0)]);
  for (const days of both) expect(days).toMatchObject([{ day: 4, judged: 5 }]);
  expect(await open().helps()).toEqual([HELP]);
  expect((await indexedDB.databases()).map(({ name }) => name)).toEqual(["journal"]);
});

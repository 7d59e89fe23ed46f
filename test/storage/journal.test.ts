import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test } from "vitest";
import type { JournalEvent } from "../../src/core/report/journal.ts";
import { type Journal, openJournal } from "../../src/storage/journal.ts";

let journal: Journal;
const event = (id: string, at: number): JournalEvent => ({
  kind: "tally",
  id,
  at,
  site: "s",
  subject: "text",
  allowed: at,
});

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  journal = openJournal();
});

test("events come back newest first, within the range, up to the limit", async () => {
  await journal.append([event("a", 1), event("c", 3), event("b", 2), event("d", 4)]);
  expect((await journal.between(2, 4, 2)).map(({ id }) => id)).toEqual(["d", "c"]);
  expect((await journal.between(2, 3, 10)).map(({ id }) => id)).toEqual(["c", "b"]);
  expect(await journal.between(5, 9, 10)).toEqual([]);
});

test("the same event twice is stored once, as it first was", async () => {
  await journal.append([event("a", 1)]);
  await journal.append([{ ...event("a", 1), site: "another" }, event("b", 2)]);
  expect(await journal.count()).toBe(2);
  expect(await journal.between(1, 1, 1)).toMatchObject([{ site: "s" }]);
});

test("a batch with the same id inside it is taken", async () => {
  await journal.append([event("a", 1), event("a", 1)]);
  expect(await journal.count()).toBe(1);
});

test("what was acknowledged is there for the next reader", async () => {
  await journal.append([event("a", 1)]);
  expect(await openJournal().count()).toBe(1);
});

test("erasing answers with how many there were", async () => {
  await journal.append([event("a", 1), event("b", 2)]);
  expect(await journal.erase()).toBe(2);
  expect(await journal.count()).toBe(0);
});

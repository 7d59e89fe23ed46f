import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Journal } from "../../src/storage/journal.ts";
import { beginAnew, DAY, entriesOf, event, ids, kindsOf, open, time } from "./journalled.ts";

let journal: Journal;

beforeEach(() => {
  beginAnew();
  journal = open();
});

describe("reading", () => {
  test("events come back newest first, within the range, up to the limit", async () => {
    await journal.append([event("a", 1), event("c", 3), event("b", 2), event("d", 4)]);
    await journal.append([event("e", 3 * DAY), event("f", DAY + 1)]);
    expect((await journal.between(2, 4, 2)).map(({ id }) => id)).toEqual(["d", "c"]);
    expect((await journal.between(2, 3, 10)).map(({ id }) => id)).toEqual(["c", "b"]);
    expect(await ids(journal)).toEqual(["e", "f", "d", "c", "b", "a"]);
    expect((await journal.between(0, Number.MAX_SAFE_INTEGER, 3)).map(({ id }) => id)).toEqual(["e", "f", "d"]);
    expect(await journal.between(5, 9, 10)).toEqual([]);
    expect(await journal.between(9, 5, 10)).toEqual([]);
  });

  test("more than one reading of rows: all of 700 entries, in order and without any twice", async () => {
    for (let i = 0; i < 700; i++) await journal.append([event(`e${i}`, i * 1_000)]);
    expect(await ids(journal)).toEqual(Array.from({ length: 700 }, (_, i) => `e${699 - i}`));
    expect((await journal.check()).verified).toMatchObject({ begins: "mark", head: { n: 700 } });
  });

  test("a period takes in whole entries, those between them, and none besides", async () => {
    for (let day = 0; day < 5; day++) await journal.append([event(`d${day}`, day * DAY + 5)]);
    const found = await entriesOf(journal, DAY, 3 * DAY - 1);
    expect(found.map(({ n }) => n)).toEqual([2, 3]);
  });
});

test("a journal in which nothing was ever written is whole and empty", async () => {
  expect(await journal.check()).toEqual({ damaged: [] });
  expect([await ids(journal), await journal.days(0), await journal.oldestDay()]).toEqual([[], [], undefined]);
  expect(await entriesOf(journal)).toEqual([]);
});

test("a day whose entries do not follow one another is read without what lies between", async () => {
  await journal.append([event("today", 9 * DAY)]);
  for (let i = 0; i < 20; i++) await journal.append([event(`old${i}`, i)]);
  for (let i = 0; i < 9; i++) await journal.append([event(`again${i}`, 9 * DAY)]);
  const read = vi.spyOn(IDBObjectStore.prototype, "get");
  const events = await journal.between(0, Number.MAX_SAFE_INTEGER, 10);
  expect(events.map(({ id }) => id)).toEqual([...Array.from({ length: 9 }, (_, i) => `again${8 - i}`), "today"]);
  expect(read.mock.contexts.filter((store) => (store as IDBObjectStore).name === "entries").length).toBeLessThan(13);
  expect(await journal.oldestDay()).toBe("1970-01-01");
  read.mockRestore();
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
    const next = open();
    await next.append([event("a", 1), event("b", 2)]);
    expect(await next.count()).toBe(2);
    expect(kindsOf(await entriesOf(next))).toEqual(["mark", "events"]);
  });

  test("writers that know nothing of each other make one chain", async () => {
    const writers = [journal, open(), open()];
    await Promise.all(Array.from({ length: 30 }, (_, i) => (writers[i % 3] as Journal).append([event(`w${i}`, i)])));
    expect(new Set(await ids(journal))).toEqual(new Set(Array.from({ length: 30 }, (_, i) => `w${i}`)));
    const { verified, damaged } = await journal.check();
    expect(damaged).toEqual([]);
    expect(verified).toMatchObject({ begins: "mark", head: { n: 30 } });
    expect(verified?.break).toBeUndefined();
  });

  test("a day later the device signs what there is", async () => {
    await journal.append([event("a", time.now)]);
    time.now += DAY;
    await journal.append([event("b", time.now)]);
    time.now += 5;
    await journal.append([event("c", time.now)]);
    expect(kindsOf(await entriesOf(journal))).toEqual(["mark", "events", "checkpoint", "events", "events"]);
    expect((await journal.check()).verified).toMatchObject({ checkpoints: 1 });
  });

  test("a clock that was set back is written down as a gap that runs backwards", async () => {
    await journal.append([event("a", time.now)]);
    time.now -= 3_600_000;
    await journal.append([event("b", time.now)]);
    const gap = (await entriesOf(journal)).find(({ kind }) => kind === "gap");
    expect(gap).toMatchObject({ cause: "unknown", from: 10 * DAY, until: 10 * DAY - 3_600_000 });
    expect((await journal.check()).verified?.break).toBeUndefined();
    expect(await ids(journal)).toEqual(["a", "b"]);
  });

  test("a gap is an entry, and the last moment that is known before it can be asked for", async () => {
    expect(await journal.lastAt()).toBeUndefined();
    await journal.append([event("a", time.now)]);
    expect(await journal.lastAt()).toBe(time.now);
    await journal.noteGap({ cause: "closed", from: time.now, until: time.now + 1_000 });
    expect((await entriesOf(journal)).at(-1)).toMatchObject({
      kind: "gap",
      cause: "closed",
      from: time.now,
      until: time.now + 1_000,
    });
  });
});

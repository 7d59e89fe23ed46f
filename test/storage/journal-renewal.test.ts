import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test } from "vitest";
import type { Journal } from "../../src/storage/journal.ts";
import { alter, beginAnew, DAY, entriesOf, event, ids, open, raw, time } from "./journalled.ts";

let journal: Journal;

beforeEach(() => {
  beginAnew();
  journal = open();
});

describe("folding", () => {
  beforeEach(async () => {
    for (let day = 0; day < 5; day++) {
      time.now = day * DAY + 100;
      await journal.append([event(`d${day}`, time.now), event(`e${day}`, time.now)]);
    }
  });

  test("drops old events but for their counts, and the chain still holds", async () => {
    expect(await journal.fold(3 * DAY)).toBe(6);
    expect((await ids(journal)).toSorted()).toEqual(["d3", "d4", "e3", "e4"]);
    expect(await journal.count()).toBe(4);
    const { verified } = await journal.check();
    expect(verified).toMatchObject({ begins: "fold", first: expect.any(Number) });
    expect(verified?.break).toBeUndefined();
    expect((await entriesOf(journal)).at(-1)).toMatchObject({
      kind: "fold",
      days: ["1970-01-01", "1970-01-02", "1970-01-03"].map((day) => ({ day, judged: 2, acted: 0, categories: {} })),
    });
    // Of the two days that are left, and of what was counted.
    expect((await raw()).dataKeys).toHaveLength(3);
  });

  test("counts of an earlier fold are taken along, also when everything is folded", async () => {
    await journal.fold(2 * DAY);
    time.now = 9 * DAY;
    await journal.fold(4 * DAY);
    expect(await journal.fold(9 * DAY)).toBe(2);
    const days = (await entriesOf(journal)).flatMap((entry) => (entry.kind === "fold" ? entry.days : []));
    expect(days.map(({ day, judged }) => `${day} ${judged}`).toSorted()).toEqual(
      [1, 2, 3, 4, 5].map((day) => `1970-01-0${day} 2`),
    );
    expect((await journal.check()).verified).toMatchObject({ begins: "fold" });
    expect(await journal.fold(9 * DAY)).toBe(0);
  });

  test("a fold whose hash is another's is no beginning", async () => {
    await journal.fold(3 * DAY);
    const entries = await entriesOf(journal);
    const forged = entries.map((entry) => (entry.kind === "fold" ? { ...entry, through: entry.through - 1 } : entry));
    const other = open();
    await other.replace({ entries: forged, days: [], helps: [] });
    expect((await other.check()).verified?.begins).toBe("piece");
  });
});

describe("erasing", () => {
  test("leaves nothing but a mark that names what was erased, under new keys", async () => {
    await journal.append([event("a", 1), event("b", 2)]);
    const [before, head] = [await raw(), (await journal.check()).verified?.head];
    expect(await journal.erase()).toEqual({ entries: 1, ids: 0, dataKeys: 1, rows: 0, plain: 0 });
    expect(await journal.count()).toBe(0);
    expect(await entriesOf(journal)).toMatchObject([{ n: 0, kind: "mark", reason: "erased", before: head }]);
    const after = await raw();
    const sealedOf = (rows: typeof after) => rows.entries?.map(({ key }) => key);
    expect(sealedOf(after)).not.toContain(sealedOf(before)?.[0]);
    expect(after.recent).toEqual([]);
    // What was copied before can no longer be opened.
    await alter(async (db) => db.put("entries", { ...before.entries?.[1], n: 1 }));
    expect((await journal.check()).damaged.map(({ n }) => n)).toEqual([1]);
  });

  test("another context goes on reading and writing", async () => {
    const other = open();
    await other.append([event("a", 1)]);
    await journal.erase();
    await other.append([event("b", 2)]);
    expect(await ids(journal)).toEqual(["b"]);
    expect(await ids(other)).toEqual(["b"]);
    expect((await other.check()).verified?.break).toBeUndefined();
  });
});

test("a chain takes the place of another whole, and goes on", async () => {
  await journal.append([event("a", 1), event("b", 2)]);
  const kept = await entriesOf(journal);
  await journal.append([event("c", 3)]);
  const other = open();
  await other.replace({ entries: kept, days: [], helps: [] });
  expect(await ids(journal)).toEqual(["b", "a"]);
  await journal.append([event("d", 4)]);
  expect(await ids(other)).toEqual(["d", "b", "a"]);
  const { verified, damaged } = await journal.check();
  expect([verified?.break, damaged, verified?.begins]).toEqual([undefined, [], "mark"]);
  expect(await journal.count()).toBe(3);
});

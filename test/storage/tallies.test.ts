import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { emptyDay } from "../../src/core/analytics/day.ts";
import { openTallies, type Tallies } from "../../src/storage/tallies.ts";

let tallies: Tallies;
beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  tallies = openTallies("analytics");
});

const DAY_MS = 86_400_000;
/** Counts each new id once on day 7. */
const countOn = (ids: readonly string[], at = 0) =>
  tallies.count([7], ids, at, (stored, isNew) => {
    const row = stored.get(7) ?? emptyDay(7);
    return new Map([[7, { ...row, judged: row.judged + ids.filter(isNew).length }]]);
  });

describe("the tallies", () => {
  test("count an event once, however often it is sent", async () => {
    await countOn(["a", "b"]);
    await countOn(["b", "c"]);
    expect(await tallies.since(0)).toMatchObject([{ day: 7, judged: 3 }]);
  });

  test("count all of several batches that come at once", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => countOn([`${i}`])));
    expect(await tallies.since(7)).toMatchObject([{ judged: 20 }]);
  });

  test("forget ids of the day before yesterday, and no counts", async () => {
    await countOn(["a"], 0);
    await countOn(["b"], 3 * DAY_MS);
    await countOn(["a"], 3 * DAY_MS);
    expect(await tallies.since(0)).toMatchObject([{ judged: 3 }]);
  });

  test("a fold that fails changes nothing", async () => {
    await expect(
      tallies.count([7], ["a"], 0, () => {
        throw new Error("odd event");
      }),
    ).rejects.toThrow("odd event");
    await countOn(["a"]);
    expect(await tallies.since(0)).toMatchObject([{ judged: 1 }]);
  });

  test("give rows from a day on, in order, and are gone when erased", async () => {
    await tallies.putDays([emptyDay(9), emptyDay(8), emptyDay(3)]);
    await tallies.putHelps([{ id: "h", at: 1, kind: "breath", answer: "open" }]);
    await tallies.putHelps([{ id: "h", at: 1, kind: "breath", answer: "used" }]);
    expect((await tallies.since(5)).map(({ day }) => day)).toEqual([8, 9]);
    expect(await tallies.helps()).toMatchObject([{ answer: "used" }]);
    await tallies.erase();
    expect([await tallies.since(0), await tallies.helps()]).toEqual([[], []]);
  });
});

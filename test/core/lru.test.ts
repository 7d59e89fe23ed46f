import fc from "fast-check";
import { expect, test } from "vitest";
import { Lru } from "../../src/core/lru.ts";

test("what was asked for longest ago goes first", () => {
  const lru = new Lru<string, number>(2);
  lru.set("a", 1);
  lru.set("b", 2);
  expect(lru.get("a")).toBe(1);
  lru.set("c", 3);
  expect([lru.get("a"), lru.get("b"), lru.get("c")]).toEqual([1, undefined, 3]);
  lru.delete("a");
  expect([...lru.values()]).toEqual([3]);
  lru.clear();
  expect(lru.size).toBe(0);
});

test("it never grows beyond its capacity, and holds the last values that were set", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.tuple(fc.nat(12), fc.nat())), (capacity, writes) => {
      const lru = new Lru<number, number>(capacity);
      for (const [key, value] of writes) lru.set(key, value);
      const recent = [...new Set(writes.map(([key]) => key).toReversed())].slice(0, capacity);
      expect(lru.size).toBe(Math.min(capacity, new Set(writes.map(([key]) => key)).size));
      for (const key of recent) expect(lru.get(key)).toBe(writes.findLast(([written]) => written === key)?.[1]);
    }),
  );
});

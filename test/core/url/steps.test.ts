import fc from "fast-check";
import { expect, test } from "vitest";
import { filterSteps, finish, SLICE, sortSteps } from "../../../src/core/url/steps.ts";

test("sorted in steps is sorted", () => {
  const names = Array.from({ length: 3 * SLICE + 5 }, (_, i) => `${(i * 7919) % 10_007}.example`);
  expect(finish(sortSteps(names)).join()).toBe(names.toSorted().join());
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (few) => {
      expect(finish(sortSteps(few))).toEqual(few.toSorted());
    }),
  );
});

test("filtered in steps is filtered, a slice a step", () => {
  const names = Array.from({ length: 2 * SLICE + 1 }, (_, i) => String(i));
  const isEven = (name: string) => Number(name) % 2 === 0;
  expect(finish(filterSteps(names, isEven)).join()).toBe(names.filter(isEven).join());
  expect([...filterSteps(names, isEven)]).toHaveLength(2);
});

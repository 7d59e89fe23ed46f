import { expect, test } from "vitest";
import { Sitting } from "../../../src/core/text/similar.ts";

const at = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

test("the nearest of the texts before it, the nearest first, five at most", () => {
  const sitting = new Sitting();
  expect(sitting.add("0", at(0), 0)).toEqual([]);
  for (const degrees of [90, 30, 60, 120, 150]) sitting.add(String(degrees), at(degrees), 0);
  const near = sitting.add("new", at(35), 0);
  expect(near.map(({ id }) => id)).toEqual(["30", "60", "0", "90", "120"]);
  expect(near[0]?.similarity).toBeCloseTo(Math.cos((5 * Math.PI) / 180), 6);
});

test("what lies close together is a group, the most threatening first; what stands alone is in none", () => {
  const sitting = new Sitting();
  for (const [name, from, threat] of [
    ["mild", 0, 0.1],
    ["bad", 100, 0.9],
  ] as const) {
    for (let i = 0; i < 5; i++) sitting.add(`${name} ${i}`, at(from + i), threat);
  }
  sitting.add("alone", at(250), 1);
  const groups = sitting.groups();
  expect(groups.map(({ size }) => size)).toEqual([5, 5]);
  expect(groups.map(({ threatLevel }) => threatLevel)).toEqual([expect.closeTo(0.9, 6), expect.closeTo(0.1, 6)]);
  expect(groups[0]?.ids).toEqual([0, 1, 2, 3, 4].map((i) => `bad ${i}`));
});

test("of a thousand texts before it, the oldest is forgotten", () => {
  const sitting = new Sitting();
  for (let i = 0; i < 1_001; i++) sitting.add(String(i), at(i === 0 ? 200 : 0), 0);
  expect(sitting.add("again", at(200), 0).map(({ id }) => id)).not.toContain("0");
});

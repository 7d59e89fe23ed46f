import fc from "fast-check";
import { expect, test } from "vitest";
import { difference, isBlank, Scenes, type Thumb } from "../../../src/extension/content/scenes.ts";

const flat = (...colour: [number, number, number]): Thumb =>
  new Uint8ClampedArray(Array.from({ length: 256 }, () => colour).flat());
/** So far from the first in every cell. */
const off = (thumb: Thumb, by: number): Thumb => new Uint8ClampedArray(Array.from(thumb, (value) => value + 255 * by));
const BLUE = flat(32, 96, 192);
const GREEN = flat(48, 160, 80);
const BLACK = flat(0, 0, 0);

/** Looks, and learns at once what a judge would answer. */
function seen(scenes: Scenes<string>, thumb: Thumb, verdict: string, at = 0) {
  scenes.look(thumb, at);
  return scenes.learn(thumb, verdict, at);
}

const thumbs = fc.uint8Array({ minLength: 768, maxLength: 768 }).map((bytes) => new Uint8ClampedArray(bytes));

test("a difference is symmetric, within [0, 1], and nothing between equals", () => {
  fc.assert(
    fc.property(thumbs, thumbs, (a, b) => {
      const { mean, most } = difference(a, b);
      expect(difference(b, a)).toEqual({ mean, most });
      expect(mean).toBeLessThanOrEqual(most);
      expect(most).toBeLessThanOrEqual(1);
      expect(difference(a, a)).toEqual({ mean: 0, most: 0 });
    }),
  );
});

test.each([
  [BLACK, true],
  [flat(255, 255, 255), true],
  [flat(4, 0, 5), true],
  [BLUE, false],
  [flat(128, 128, 128), false],
])("only black and white are blank (%#)", (thumb, expected) => {
  expect(isBlank(thumb)).toBe(expected);
});

test("the first frame and every cut may show anything, until they are judged", () => {
  const scenes = new Scenes<string>();
  expect(scenes.look(BLUE, 0).kind).toBe("cut");
  expect(scenes.look(BLUE, 10).kind).toBe("cut");
  expect(scenes.learn(BLUE, "good", 20)).toBe(true);
  expect(scenes.look(BLUE, 30).kind).toBe("same");
  expect(scenes.look(GREEN, 40).kind).toBe("cut");
});

test("a scene that comes back is known, so that loops and dialogues are not covered twice", () => {
  const scenes = new Scenes<string>();
  seen(scenes, BLUE, "good");
  seen(scenes, GREEN, "bad");
  expect(scenes.look(BLUE, 50)).toEqual({ kind: "known", verdict: "good" });
  expect(scenes.look(GREEN, 60)).toEqual({ kind: "known", verdict: "bad" });
});

test("a verdict that comes when its scene is over holds for the next time only", () => {
  const scenes = new Scenes<string>();
  scenes.look(BLUE, 0);
  scenes.look(GREEN, 10);
  expect(scenes.learn(BLUE, "good", 20)).toBe(false);
  expect(scenes.look(GREEN, 30).kind).toBe("cut");
  expect(scenes.look(BLUE, 40)).toEqual({ kind: "known", verdict: "good" });
});

test("slow change is judged without a cut, but never carries a scene far from what was judged", () => {
  const scenes = new Scenes<string>();
  seen(scenes, BLUE, "good");
  const kinds = Array.from({ length: 25 }, (_, i) => scenes.look(off(BLUE, -0.01 * (i + 1)), 100 * (i + 1)).kind);
  expect(kinds.slice(0, 5)).toEqual(Array(5).fill("same"));
  expect(kinds).toContain("drift");
  expect(kinds.slice(0, kinds.indexOf("cut"))).not.toContain("known");
  expect(kinds).toContain("cut");
});

test("what fades in from black is met like a cut", () => {
  const scenes = new Scenes<string>();
  seen(scenes, BLACK, "good");
  const kinds = Array.from({ length: 5 }, (_, i) => scenes.look(flat(0, 10 * (i + 1), 10 * (i + 1)), 30 * i).kind);
  expect(kinds).toEqual(["same", "same", "cut", "cut", "cut"]);
});

test("the same verdict again and again makes slow change a rarer question, and a still scene none", () => {
  const scenes = new Scenes<string>();
  let asked = 0;
  seen(scenes, BLUE, "good");
  for (let at = 100; at <= 20_000; at += 100) {
    const frame = at % 200 === 0 ? BLUE : off(BLUE, 0.07);
    if (scenes.look(frame, at).kind !== "drift") continue;
    asked++;
    scenes.learn(frame, "good", at);
  }
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(8);
  const still = new Scenes<string>();
  seen(still, BLUE, "good");
  expect([1_000, 11_000, 99_000].map((at) => still.look(BLUE, at).kind)).toEqual(["same", "same", "same"]);
});

test("a little that stays is looked at again in the end", () => {
  const scenes = new Scenes<string>();
  seen(scenes, BLUE, "good");
  const little = off(BLUE, 0.02);
  expect(scenes.look(little, 9_000).kind).toBe("same");
  expect(scenes.look(little, 10_000).kind).toBe("drift");
});

test("after a rest and after another source nothing is taken for granted", () => {
  const scenes = new Scenes<string>();
  seen(scenes, BLUE, "good");
  scenes.rest();
  expect(scenes.look(BLUE, 10).kind).toBe("known");
  scenes.forget();
  expect(scenes.look(BLUE, 20).kind).toBe("cut");
});

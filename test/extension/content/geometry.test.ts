import { expect, test } from "vitest";
import { clipsAll, intersect, isNothing } from "../../../src/extension/content/geometry.ts";

test.each([
  ["rect(0px, 0px, 0px, 0px)", "none", true],
  ["rect(1px, 1px, 1px, 1px)", "none", true],
  ["rect(0px, 200px, 40px, 0px)", "none", false],
  ["auto", "inset(50%)", true],
  ["auto", "inset(0px 100% 0px 0px)", true],
  ["auto", "inset(10% 20%)", false],
  ["auto", "inset(5px round 3px)", false],
  ["auto", "circle(0px at 50% 50%)", true],
  ["auto", "circle(40px at 50% 50%)", false],
  ["auto", "polygon(0px 0px, 0px 0px, 0px 0px)", true],
  ["auto", "polygon(0px 0px, 100% 0px, 0px 100%)", false],
  ["auto", "none", false],
])("clip: %s, clip-path: %s", (clip, path, isAll) => {
  expect(clipsAll(clip, path)).toBe(isAll);
});

test("boxes beside each other share nothing", () => {
  const box = { left: 0, top: 0, right: 100, bottom: 20 };
  expect(isNothing(intersect(box, { ...box, left: 60 }))).toBe(false);
  expect(isNothing(intersect(box, { left: 120, top: 0, right: 200, bottom: 20 }))).toBe(true);
  expect(intersect(box, undefined)).toBe(box);
});

import { expect, test } from "vitest";
import { SHAPES, shapeOf } from "../../../src/core/text/shape.ts";

test.each([
  ["", 0],
  [".", 0],
  ["\u{1f600}", 0],
  ["lower", 1],
  ["straße", 1],
  ["忽", 1],
  ["كلمة", 1],
  ["é", 1],
  ["e\u0301", 1],
  ["A", 2],
  ["Initial", 2],
  ["Élan", 2],
  ["ǅ", 2],
  ["I\u0307zmir", 2],
  ["AB", 3],
  ["ÄÖ", 3],
  ["USA", 3],
  ["iPhone", 4],
  ["McDonald", 4],
  ["ABc", 4],
  ["1987", 5],
  ["٣", 5],
  ["4K", 6],
  ["b2b", 6],
  ["½", 0],
])("%j has the shape %d", (text, shape) => {
  expect(shapeOf(text)).toBe(shape);
  expect(shape).toBeLessThan(SHAPES);
});

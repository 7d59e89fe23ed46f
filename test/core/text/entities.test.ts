import { expect, test } from "vitest";
import types from "../../../src/core/text/entities.json" with { type: "json" };
import { entitiesOf, TOKEN_LABELS } from "../../../src/core/text/entities.ts";
import type { Token } from "../../../src/core/text/wordpiece.ts";

const LABELS = ["O", ...types.flatMap((type) => [`B-${type}`, `I-${type}`])];

/** One row a token: `certain` of its label, as far as numbers allow. */
const rows = (labels: readonly string[], certain = 20) =>
  Float32Array.from(labels.flatMap((label) => LABELS.map((name) => (name === label ? certain : 0))));

/** Tokens of one character each; a word number each. */
const tokens = (words: readonly number[]): Token[] =>
  words.map((word, i) => ({ id: 0, shape: 1, word, start: i, end: i + 1 }));

test("17 types give 35 labels, in the order of the workshop", () => {
  expect(types).toHaveLength(17);
  expect(TOKEN_LABELS).toBe(35);
  expect(types).toEqual([...types].sort());
});

test.each<[string, readonly number[], readonly string[], readonly (readonly [number, number, string])[]]>([
  ["nothing", [0, 1], ["O", "O"], []],
  ["no token", [], [], []],
  ["one word", [0], ["B-AGE"], [[0, 1, "AGE"]]],
  ["two words", [0, 1, 2], ["B-PERSON", "I-PERSON", "O"], [[0, 2, "PERSON"]]],
  [
    "two persons side by side",
    [0, 1],
    ["B-PERSON", "B-PERSON"],
    [
      [0, 1, "PERSON"],
      [1, 2, "PERSON"],
    ],
  ],
  ["inside without a beginning", [0, 1], ["O", "I-GPE"], [[1, 2, "GPE"]]],
  [
    "inside after another type",
    [0, 1],
    ["B-TITLE", "I-PERSON"],
    [
      [0, 1, "TITLE"],
      [1, 2, "PERSON"],
    ],
  ],
  [
    "inside after a gap",
    [0, 1, 2],
    ["B-AGE", "O", "I-AGE"],
    [
      [0, 1, "AGE"],
      [2, 3, "AGE"],
    ],
  ],
  ["a word of three pieces, one silent", [0, 0, 0], ["B-AGE", "I-AGE", "O"], [[0, 3, "AGE"]]],
  ["a word of three pieces, two silent", [0, 0, 0], ["B-AGE", "O", "O"], []],
])("%s", (_, words, labels, expected) => {
  const found = entitiesOf(tokens(words), rows(labels));
  expect(found.map(({ start, end, type }) => [start, end, type])).toEqual(expected);
});

test("the score is the mean of the words' probabilities", () => {
  const sure = rows(["B-PERSON"], 20);
  const unsure = rows(["I-PERSON"], 3);
  const [found] = entitiesOf(tokens([0, 1]), Float32Array.from([...sure, ...unsure]));
  const share = (Math.exp(3) + 1) / (Math.exp(3) + 34);
  expect(found?.score).toBeCloseTo((1 + share) / 2, 5);
});

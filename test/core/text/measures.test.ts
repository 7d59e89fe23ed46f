import fc from "fast-check";
import { describe, expect, test } from "vitest";
import model from "../../../models/text-measures/model.json" with { type: "json" };
import reference from "../../../models/text-measures/reference.json" with { type: "json" };
import { FAMILIES, measuresOf, readability, scoreOfMeasures, syllablesOf } from "../../../src/core/text/measures.ts";

const NAMES = Object.values(FAMILIES).flat();

test("a sentence is measured", () => {
  expect(measuresOf("Hello World! See https://a.example, now 42.", "en")).toMatchObject({
    text_length: 43,
    word_count: 8,
    char_count: 38,
    sentence_count: 2,
    avg_word_length: 31 / 8,
    digit_ratio: 2 / 43,
    uppercase_ratio: 3 / 43,
    special_char_ratio: 7 / 43,
    num_sentences: 2,
    num_tokens: 15,
    url_count: 1,
    special_sequence_count: 1,
    injection_count: 0,
  });
});

test("the cat sat: Flesch's own numbers", () => {
  expect(readability(["the", "yellow", "table"], 1, "en")).toBeCloseTo(206.835 - 1.015 * 3 - 84.6 * (5 / 3), 10);
});

test.each([
  ["en", 206.835 - 1.015 * 10 - 84.6 * 2],
  ["de", 180 - 10 - 58.5 * 2],
  ["es", 206.84 - 1.02 * 10 - 60 * 2],
  ["fr", 207 - 1.015 * 10 - 73.6 * 2],
  ["it", 217 - 1.3 * 10 - 60 * 2],
])("reading ease in %s", (language, ease) => {
  expect(readability(Array(10).fill("banan"), 1, language)).toBeCloseTo(ease, 10);
});

test.each([
  ["table", "en", 2],
  ["make", "en", 1],
  ["Straße", "de", 2],
  ["rhythm", "en", 1],
])("%s (%s) has %d syllables", (word, language, count) => expect(syllablesOf(word, language)).toBe(count));

describe("golden vectors", () => {
  test("are counted as when the member was fitted, and scored alike", () => {
    const far = reference.vectors.filter(({ text, lang, measures, score }) => {
      const found = measuresOf(text, lang);
      const isEqual = reference.names.every((name, i) => Math.abs((found[name] ?? -1) - (measures[i] ?? 0)) < 1e-9);
      return !isEqual || Math.abs(scoreOfMeasures(found, model) - score) > 1e-6;
    });
    expect(reference.vectors.length).toBeGreaterThan(20);
    expect(far).toEqual([]);
  });
});

test("any text has every measure, finite, and a score", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom("en", "de", "xx"), (text, language) => {
      const measures = measuresOf(text, language);
      expect(Object.keys(measures).toSorted()).toEqual(NAMES.toSorted());
      expect(Object.values(measures).every(Number.isFinite)).toBe(true);
      const score = scoreOfMeasures(measures, model);
      expect(score >= 0 && score <= 1).toBe(true);
    }),
  );
});

test.each(["<", "<script>", "a@", "a.", "1.", "javascript:", "!!!!", "http://", "a-", "@a"])(
  "a page of %j is measured at once",
  (part) => {
    expect(measuresOf(part.repeat(50_000), "en").text_length).toBe(part.length * 50_000);
  },
);

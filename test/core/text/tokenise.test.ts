import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Span } from "../../../src/core/text/normalise.ts";
import { characters, ngrams, words } from "../../../src/core/text/tokenise.ts";

const shown = (text: string, spans: readonly Span[]) => spans.map(({ start, end }) => text.slice(start, end));

describe("tokens", () => {
  test.each([
    ["Don't, e\u0301te\u0301 2026!", ["Don", "t", "e\u0301te\u0301", "2026"]],
    ["שלום עולם", ["שלום", "עולם"]],
    ["", []],
  ])("words of %j", (text, expected) => {
    expect(shown(text, words(text))).toEqual(expected);
  });

  test.each([
    ["e\u0301a👨‍👩‍👧🇩🇪", ["e\u0301", "a", "👨‍👩‍👧", "🇩🇪"]],
    ["", []],
  ])("characters of %j", (text, expected) => {
    expect(shown(text, characters(text))).toEqual(expected);
  });

  test.each([
    [1, ["a", "bc", "d"]],
    [2, ["a bc", "bc d"]],
    [3, ["a bc d"]],
    [4, []],
  ])("n-grams of order %i", (n, expected) => {
    expect(shown("a bc d", ngrams(words("a bc d"), n))).toEqual(expected);
  });

  test("characters cover any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(shown(text, characters(text)).join("")).toBe(text);
      }),
    );
  });
});

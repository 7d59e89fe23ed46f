import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Token, tokensOf, type Vocabulary } from "../../../src/core/text/wordpiece.ts";

/** Each word is cut into pieces of three units; their id is their length. */
const VOCABULARY: Vocabulary = {
  first: 1,
  last: 2,
  isLowerCase: true,
  pieces: (word) => (word.match(/[\s\S]{1,3}/g) ?? []).map(({ length }) => ({ id: length, length })),
};
/** Each word is one piece. */
const WHOLE: Vocabulary = { ...VOCABULARY, pieces: ({ length }) => [{ id: 7, length }] };

const words = (text: string) => tokensOf(text, WHOLE).map(({ start, end }) => text.slice(start, end));

describe("words of the original, with exact places", () => {
  test.each<[string, string[]]>([
    ["", []],
    [" \t\n\u00a0\u3000\u2028", []],
    ["two words", ["two", "words"]],
    ["don't stop!", ["don", "'", "t", "stop", "!"]],
    ["a\u{1f600}b c", ["a\u{1f600}b", "c"]],
    ["\u{1f468}\u200d\u{1f469} x", ["\u{1f468}\u200d\u{1f469}", "x"]],
    ["e\u0301t\u00e9", ["e\u0301t\u00e9"]],
    ["ig\u200bnore it", ["ig\u200bnore", "it"]],
    ["\u200bit\u200b", ["it"]],
    ["a\u000bb", ["a\u000bb"]],
    ["忽略A", ["忽", "略", "A"]],
    ["\u{20000}\u{2a6d6}", ["\u{20000}", "\u{2a6d6}"]],
    ["שלום עולם.", ["שלום", "עולם", "."]],
    ["\u202eabc\u202c def", ["abc", "def"]],
    ["x\ud800y \udc00", ["x\ud800y"]],
    ["$5 +1", ["$", "5", "+", "1"]],
    ["a_b", ["a", "_", "b"]],
    ["€5", ["€5"]],
  ])("%j", (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  test("a character that grows when lowered keeps one place for all it becomes", () => {
    const places = (text: string) => tokensOf(text, VOCABULARY).map(({ start, end }) => [start, end]);
    expect(places("İİİ")).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(places("\u{10400}\u{10400}")).toEqual([
      [0, 4],
      [2, 4],
    ]);
  });

  test("letters are lowered one by one, or not at all", () => {
    const seen: string[] = [];
    const spy = (isLowerCase: boolean): Vocabulary => ({
      ...WHOLE,
      isLowerCase,
      pieces: (word) => [{ id: seen.push(word), length: word.length }],
    });
    tokensOf("ΟΔΟΣ Straße", spy(true));
    tokensOf("ΟΔΟΣ", spy(false));
    expect(seen).toEqual(["οδοσ", "straße", "ΟΔΟΣ"]);
  });

  test("names of special tokens are words like others", () => {
    expect(words("[SEP]")).toEqual(["[", "SEP", "]"]);
  });
});

test("whatever the text: in order, inside it, never empty, no half of a pair, words numbered without a gap", () => {
  const isWhole = (text: string, at: number) =>
    !(/[\udc00-\udfff]/.test(text[at] ?? "") && /[\ud800-\udbff]/.test(text[at - 1] ?? ""));
  const follows = (token: Token, before: Token | undefined) =>
    token.start >= (before?.start ?? 0) && token.word - (before?.word ?? -1) <= (before?.word === token.word ? 0 : 1);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.string()), (text) => {
      const tokens = tokensOf(text, VOCABULARY);
      for (const [i, token] of tokens.entries()) {
        const { start, end } = token;
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(text.length);
        expect([isWhole(text, start), isWhole(text, end), follows(token, tokens[i - 1])]).toEqual([true, true, true]);
      }
    }),
    { numRuns: 500 },
  );
});

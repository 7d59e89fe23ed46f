import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalise, originalSpan } from "../../../src/core/text/normalise.ts";

/** Any UTF-16 at all, lone surrogates included, with the characters that folding treats in its own way. */
const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom("a", " ", "\t", "\u00a0", "\u0301", "\u200b", "é", "ß", "ﬁ", "Ａ", "İ", "😀", "\ud83d", "\ude00"),
    ),
    { maxLength: 60 },
  )
  .map((units) => units.join(""));

describe("normalise", () => {
  test.each([
    ["IGNORE", "ignore"],
    ["précédentes", "precedentes"],
    ["pre\u0301ce\u0301dentes", "precedentes"],
    ["Ｉｇｎｏｒｅ", "ignore"],
    ["i\u200bg\u00adno\u2060re\ufeff", "ignore"],
    ["vergiß", "vergiss"],
    ["ſyſtem Λς", "system λo"],
    ["İıI", "iii"],
    ["ﬁlter", "filter"],
    ["𝐢𝗀𝓃𝔬𝕣𝖊", "ignore"],
    ["all \t\n\u00a0 previous", "all previous"],
    ["\ud83d", "\ufffd"],
    ["\ude00\ud83d", "\ufffd\ufffd"],
    ["한국어", "한국어"],
    ["іgnоrе аll ргеvіоus", "ignore all previous"],
    ["ΙGΝΟRΕ", "ignore"],
    ["ɪɢɴᴏʀᴇ", "ignore"],
    ["🅸🅶🅽🅾🆁🅴 🇦🇱🇱", "ignore all"],
    ["\u{e0049}\u{e0067}\u{e006e}\u{e006f}\u{e0072}\u{e0065}\u{e007f}", "ignore"],
    ["\u202eignore\u202c \u2066all\u2069", "ignore all"],
    ["Łódź Øre", "lodz ore"],
    ["", ""],
  ])("folds %j to %j", (original, folded) => {
    expect(normalise(original).text).toBe(folded);
  });

  test("folds every code point to something that folding leaves alone", () => {
    const restless: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      const once = normalise(String.fromCodePoint(code)).text;
      if (normalise(once).text !== once) restless.push(code.toString(16));
    }
    expect(restless).toEqual([]);
  }, 60_000);

  test("is idempotent", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = normalise(text).text;
        expect(normalise(once).text).toBe(once);
      }),
    );
  });

  test("knows where every unit came from", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { text: folded, starts } = normalise(text);
        expect(starts).toHaveLength(folded.length + 1);
        expect(starts.at(-1)).toBe(text.length);
        expect(starts).toEqual(starts.toSorted());
      }),
    );
  });

  test("maps every stretch back to text that folds to it", () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(), (text, a, b) => {
        const folded = normalise(text);
        fc.pre(folded.text.length > 0);
        const start = a % folded.text.length;
        const end = start + 1 + (b % (folded.text.length - start));
        const span = originalSpan(folded, start, end);
        expect(span.end).toBeGreaterThan(span.start);
        expect(normalise(text.slice(span.start, span.end)).text).toContain(folded.text.slice(start, end));
      }),
    );
  });
});

describe("originalSpan", () => {
  test.each([
    ["Ignore me", 0, 6, "Ignore"],
    ["x pre\u0301 y", 2, 5, "pre\u0301"],
    ["aﬁb", 1, 2, "ﬁ"],
    ["aﬁb", 2, 4, "ﬁb"],
    ["a  \n b", 0, 2, "a  \n "],
    ["😀Ａ😀", 1, 2, "Ａ"],
  ])("in %j, %i to %i is %j", (text, start, end, expected) => {
    const span = originalSpan(normalise(text), start, end);
    expect(text.slice(span.start, span.end)).toBe(expected);
  });
});

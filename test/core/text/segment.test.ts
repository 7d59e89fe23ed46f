import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_CHUNK, OVERLAP, segment } from "../../../src/core/text/segment.ts";

const anyText = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.string({ maxLength: 30 }) },
      fc.constantFrom(
        ". ",
        "! ",
        "\n",
        "… ",
        "。",
        "😀",
        "e\u0301",
        "שלום ",
        "تجاهل، ",
        "\ud83d",
        "x".repeat(300),
        "a b ",
      ),
      fc.constantFrom("This is a sentence. ", "And another one, a little longer! ", "word ".repeat(60)),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

describe("segment", () => {
  test("covers everything, in order, with neighbours that overlap by little", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const chunks = segment(text);
        expect(chunks[0]?.start).toBe(0);
        expect(chunks.at(-1)?.end).toBe(text.length);
        for (const [i, { start, end }] of chunks.entries()) {
          expect(end - start).toBeLessThanOrEqual(MAX_CHUNK);
          const next = chunks[i + 1];
          if (!next) continue;
          expect(next.start).toBeGreaterThan(start);
          expect(next.start).toBeLessThanOrEqual(end);
          expect(end - next.start).toBeLessThanOrEqual(OVERLAP);
          expect(next.end).toBeGreaterThan(end);
        }
      }),
    );
  });

  test("never cuts a surrogate pair in two", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), (lead) => {
        const text = "x".repeat(lead) + "𒀀".repeat(900);
        for (const { start, end } of segment(text)) expect(text.slice(start, end)).not.toMatch(/\p{Cs}/u);
      }),
    );
  });

  test.each([
    ["", [""]],
    ["One. Two.", ["One. Two."]],
  ])("%j has the chunks %j", (text, expected) => {
    expect(segment(text).map(({ start, end }) => text.slice(start, end))).toEqual(expected);
  });

  test("cuts between sentences, and repeats the last ones", () => {
    const text = Array.from(
      { length: 12 },
      (_, i) => `Sentence number ${i} is about as long as its neighbours are.`,
    ).join(" ");
    const chunks = segment(text).map(({ start, end }) => text.slice(start, end));
    expect(chunks).toHaveLength(2);
    for (const chunk of chunks) expect(chunk).toMatch(/^Sentence .*are\.\s?$/);
    expect(chunks[0]).toContain(chunks[1]?.slice(0, 110));
  });

  test("ends a chunk at a line's end too", () => {
    const text = `${"list entry without a full stop\n".repeat(30)}`;
    for (const { end } of segment(text)) expect(text[end - 1]).toBe("\n");
  });
});

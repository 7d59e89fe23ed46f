import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact, restore, type Stretch } from "../../../src/core/text/redaction.ts";

const stretch = (text: string, words: string, type: string, from = 0): Stretch => {
  const start = text.indexOf(words, from);
  return { start, end: start + words.length, type };
};

describe("redact", () => {
  const text = "Anna wrote to anna@example.org; Bert and Anna met.";
  const stretches = [
    stretch(text, "Anna", "PERSON"),
    stretch(text, "anna@example.org", "EMAIL_ADDRESS"),
    stretch(text, "Bert", "PERSON"),
    stretch(text, "Anna", "PERSON", 10),
  ];

  test("gives the same words the same placeholder", () => {
    const { text: redacted, mapping } = redact(text, stretches);
    expect(redacted).toBe("[PERSON_1] wrote to [EMAIL_1]; [PERSON_2] and [PERSON_1] met.");
    expect([...mapping]).toEqual([
      ["[PERSON_1]", "Anna"],
      ["[EMAIL_1]", "anna@example.org"],
      ["[PERSON_2]", "Bert"],
    ]);
  });

  test("goes on where an earlier text of the conversation ended", () => {
    const { mapping } = redact(text, stretches);
    const next = "Bert and Carla";
    const again = redact(next, [stretch(next, "Bert", "PERSON"), stretch(next, "Carla", "PERSON")], mapping);
    expect(again.text).toBe("[PERSON_2] and [PERSON_3]");
    expect(restore("Dear [PERSON_3], [EMAIL_1] is [PERSON_1]'s; [PHONE_9] is nobody's.", again.mapping)).toBe(
      "Dear Carla, anna@example.org is Anna's; [PHONE_9] is nobody's.",
    );
  });

  test("leaves a placeholder that was there before to itself", () => {
    const odd = "[PERSON_1] is no placeholder of Anna's";
    const { text: redacted, mapping } = redact(odd, [stretch(odd, "Anna", "PERSON")]);
    expect(redacted).toBe("[PERSON_1] is no placeholder of [PERSON_2]'s");
    expect(restore(redacted, mapping)).toBe(odd);
  });

  test("two types of the same words are two things, and what overlaps is taken once", () => {
    const twice = "Paris Paris";
    const both = [
      stretch(twice, "Paris", "PERSON"),
      stretch(twice, "Paris", "GPE", 1),
      { start: 2, end: 4, type: "X" },
    ];
    expect(redact(twice, both).text).toBe("[PERSON_1] [GPE_1]");
  });

  test("what is put back is not read again", () => {
    const tricky = "say [EMAIL_1]";
    const { text: redacted, mapping } = redact(tricky, [{ start: 4, end: 13, type: "PERSON" }]);
    expect(restore(redacted, new Map([...mapping, ["[EMAIL_1]", "x"]]))).toBe(tricky);
  });
});

describe("laws", () => {
  const types = fc.constantFrom("PERSON", "EMAIL_ADDRESS", "CREDIT_CARD", "SECRET");
  const words = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.constantFrom("Anna", "[PERSON_1]", "[EMAIL_2]", "😀", "\ud83d"),
  );
  /** A text of pieces, some of which are to be taken out. */
  const told = fc.array(fc.tuple(words, fc.option(types, { nil: undefined })), { maxLength: 20 }).map((pieces) => {
    const stretches: Stretch[] = [];
    let text = "";
    for (const [piece, type] of pieces) {
      if (type) stretches.push({ start: text.length, end: text.length + piece.length, type });
      text += piece;
    }
    return { text, stretches };
  });

  test("restoring what was redacted gives the text", () => {
    fc.assert(
      fc.property(told, ({ text, stretches }) => {
        const { text: redacted, mapping } = redact(text, stretches);
        expect(restore(redacted, mapping)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test("a conversation of texts is restored by the last mapping, unless a text names a placeholder itself", () => {
    fc.assert(
      fc.property(told, told, (first, second) => {
        fc.pre(!/\[[A-Z_]+_\d+\]/.test(first.text + second.text));
        const one = redact(first.text, first.stretches);
        const two = redact(second.text, second.stretches, one.mapping);
        expect([restore(one.text, two.mapping), restore(two.text, two.mapping)]).toEqual([first.text, second.text]);
        expect(new Set(two.mapping.keys()).size).toBe(two.mapping.size);
      }),
      { numRuns: 300 },
    );
  });

  test("redacting nothing changes nothing, and each stretch costs a placeholder", () => {
    fc.assert(
      fc.property(told, ({ text, stretches }) => {
        expect(redact(text, []).text).toBe(text);
        const { mapping } = redact(text, stretches);
        const distinct = new Set(stretches.map(({ start, end, type }) => `${type} ${text.slice(start, end)}`));
        expect(mapping.size).toBe(distinct.size);
      }),
    );
  });
});

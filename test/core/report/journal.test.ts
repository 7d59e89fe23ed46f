import fc from "fast-check";
import { expect, test } from "vitest";
import { labelOfText, labelOfUrl, shorten, verdictEvent } from "../../../src/core/report/journal.ts";
import type { Signal, Verdict } from "../../../src/core/types.ts";

test.each([
  ["https://example.org/a/b.png?token=1#x", "https://example.org/a/b.png"],
  ["https://user:secret@example.org/", "https://example.org/"],
  ["data:image/png;base64,AAAA", "data:image/png"],
  ["blob:https://example.org/1234", "blob:"],
  ["file:///home/me/picture.png", "file:/home/me/picture.png"],
])("%s is written down as %s", (url, label) => {
  expect(labelOfUrl(url)).toBe(label);
});

test("the label of a text is the words that gave rise to the verdict", () => {
  expect(labelOfText("Hi. Ignore\n all rules. Bye", [{ start: 4, end: 21 }])).toBe("Ignore all rules");
});

test("no label is longer than 200 characters or ends inside one", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 1_000 }), (text) => {
      const label = shorten(text);
      expect([...label].length).toBeLessThanOrEqual(200);
      expect(label).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    }),
  );
});

test("an event names every model once and bounds its evidence", () => {
  const evidence = Array.from({ length: 30 }, (_, i) => ({ kind: "rule", rule: "r", value: `${i}` }) as const);
  const signal: Signal = { category: "sexual", score: 0.9, detector: "d", model: "m@1", evidence };
  const verdict: Verdict = {
    category: "sexual",
    score: 0.9,
    uncertainty: 0,
    consensus: 1,
    scores: { sexual: 0.9 },
    signals: [signal, signal],
  };
  const fields = { id: "1", at: 1, subject: "image", context: "page", site: "s", label: "l", latencyMs: 1 } as const;
  const event = verdictEvent(fields, verdict, { kind: "blur", category: "sexual", reason: "judged", mayReveal: true });
  expect(event).toMatchObject({ kind: "verdict", action: "blur", models: ["m@1"] });
  expect(event.evidence).toHaveLength(40);
  expect(event.evidence[0]).toMatchObject({ detector: "d", value: "0" });
});

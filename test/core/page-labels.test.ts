import fc from "fast-check";
import { expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../../src/core/catalog.ts";
import { describedAs, LABEL_QUESTIONS, PAGE_LABELS, readOn, UNREAD } from "../../src/core/page-labels.ts";

test("the labels that can be named are the classes of the catalogue's heads", () => {
  const heads = parseCatalog(catalogJson).models.filter((row) => row.kind === "text-linear");
  for (const question of LABEL_QUESTIONS) {
    const head = heads.find(({ task }) => task === question);
    expect(PAGE_LABELS[question]).toEqual(head?.classes);
  }
});

const law = { topic: { law: 0.9, health: 0.1 }, sentiment: { negative: 0.4, neutral: 0.3, positive: 0.3 } };
const health = { topic: { law: 0.2, health: 0.8 } };

test("a page is what the mean of its passages says, each by its length", () => {
  const long = readOn(UNREAD, law, 1_000);
  expect(describedAs(long)).toEqual([{ label: "topic/law", score: 0.9 }]);
  const [first, ...rest] = describedAs(readOn(long, health, 3_000));
  expect(rest).toEqual([]);
  expect(first?.label).toBe("topic/health");
  expect(first?.score).toBeCloseTo((0.1 + 3 * 0.8) / 4, 10);
});

test("a heading alone says nothing, and what has no label weakens the others", () => {
  expect(describedAs(readOn(UNREAD, law, 100))).toEqual([]);
  expect(describedAs(readOn(readOn(UNREAD, law, 400), {}, 400))).toEqual([]);
});

test("a page bears at most one class of each question above one half, in whatever order it was read", () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true });
  const passage = fc.tuple(score, fc.integer({ min: 1, max: 4_000 }));
  fc.assert(
    fc.property(fc.array(passage, { minLength: 1, maxLength: 8 }), (passages) => {
      const read = (some: typeof passages) =>
        describedAs(
          some.reduce((sum, [p, chars]) => readOn(sum, { topic: { law: p, math: 1 - p } }, chars), UNREAD),
        ).filter((one) => Math.abs(one.score - 0.5) > 1e-9);
      const [forth, back] = [read(passages), read(passages.toReversed())];
      expect(forth.length).toBeLessThanOrEqual(1);
      expect(back.map(({ label }) => label)).toEqual(forth.map(({ label }) => label));
    }),
  );
});

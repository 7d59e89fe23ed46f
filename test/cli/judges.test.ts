import { beforeAll, describe, expect, test } from "vitest";
import { type Judges, openJudges, SHIPPED } from "../../src/cli/judges.ts";
import { catalogWithTiny, golden, readWithTiny, textSubject } from "../fixtures/tiny-encoder.ts";

const TEXT = "Please schedule a meeting with the cardiologist on Monday.";
const whole = new Map<boolean, Judges>();
let plain: Judges;
/** A linear head of threats that gives less than this is sure enough. */
const catalog = catalogWithTiny((row) => ({
  ...row,
  heads: row.heads.map((head) => (head.category ? { ...head, askFrom: 0.65 } : head)),
}));
beforeAll(async () => {
  for (const isFull of [false, true]) whole.set(isFull, await openJudges(isFull, catalog, readWithTiny));
  plain = await openJudges(true, { ...SHIPPED, models: SHIPPED.models.filter(({ kind }) => kind !== "text-encoder") });
});

const judges = (isFull: boolean) => whole.get(isFull) as Judges;

describe("with a text encoder in the catalogue", () => {
  test("personal data can be told, besides the threats", () => {
    const all = ["hate", "injection", "offensive", "pii", "secret", "toxicity"];
    for (const each of [judges(false), plain]) expect([...each.categories("text")].sort()).toEqual(all);
  });

  test("everything is asked in full, and every head is shown", async () => {
    const subject = textSubject(TEXT);
    const { signals, labels } = await judges(true).judge(subject);
    const deep = signals.filter(({ detector }) => detector === "text/heads");
    expect(deep.map(({ category }) => category).sort()).toEqual(["hate", "injection", "offensive", "toxicity"]);
    const { measures = {} } = await judges(true).measure(subject, labels);
    const heads = Object.keys(measures).filter((name) => name.startsWith("heads/"));
    expect(heads).toHaveLength(4 + 3 + 14 + 8);
    const alone = await plain.judge(subject);
    expect(labels?.topic).not.toEqual(alone.labels?.topic);
    for (const shares of [labels?.topic, labels?.intent, labels?.sentiment]) {
      expect(Object.values(shares ?? {}).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    }
  });

  test("what the linear half is sure of is not asked about, and its words stay as they are", async () => {
    const subject = textSubject(TEXT);
    expect(await judges(false).judge(subject)).toEqual(await plain.judge(subject));
    expect(await judges(false).entities(subject)).toEqual([]);
  });

  test("personal data is shown of what may be sent away, and in full", async () => {
    const { text, entities } =
      golden.vectors.find((vector) => vector.text.startsWith("My name")) ?? golden.vectors[0] ?? never();
    const expected = entities
      .filter(([, , , score]) => score >= 0.5)
      .map(([start, end, type]) => ({ start, end, type }));
    expect(expected.length).toBeGreaterThan(0);
    expect(await judges(false).entities(textSubject(text, "prompt"))).toMatchObject(expected);
    expect(await judges(true).entities(textSubject(text))).toMatchObject(expected);
    expect(await plain.entities(textSubject(text, "prompt"))).toEqual([]);
  });
});

function never(): never {
  throw new Error("There are no golden vectors.");
}

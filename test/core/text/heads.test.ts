import { describe, expect, test } from "vitest";
import type { EncoderHead, TextEncoderRow } from "../../../src/core/catalog.ts";
import { WardlightError } from "../../../src/core/errors.ts";
import type { Encoder } from "../../../src/core/text/encoder.ts";
import { TOKEN_LABELS } from "../../../src/core/text/entities.ts";
import { headsFamily, mixLabels, readSequenceHead, type SequenceHead } from "../../../src/core/text/heads.ts";
import type { Labeller, Signal, TextSubject } from "../../../src/core/types.ts";
import { textSubject } from "../../fixtures/tiny-encoder.ts";

const { signal } = new AbortController();

const threat = (task: "injection" | "hate", change: Partial<EncoderHead> = {}): EncoderHead => ({
  task,
  category: task,
  classes: [],
  status: "active",
  calibration: { a: 1, b: 0 },
  weight: 0.5,
  threshold: 0.75,
  askFrom: 0.1,
  ...change,
});
const topic: EncoderHead = {
  task: "topic",
  classes: ["law", "math"],
  status: "active",
  calibration: { a: 1, b: 0 },
  weight: 0.5,
};

/** The vector counts how often "bad" and "sum" stand in a window; "Anna" is a person. */
function counting(heads: readonly EncoderHead[], change: Partial<TextEncoderRow> = {}) {
  const row: TextEncoderRow = {
    id: "counting",
    version: "1.0.0",
    kind: "text-encoder",
    status: "active",
    files: [],
    width: 2,
    heads,
    entities: { status: "active", threshold: 0.5 },
    ...change,
  };
  const names = ["", "", "", "bad", "sum", "anna"];
  let runs = 0;
  const encoder: Encoder = {
    vocabulary: {
      first: 1,
      last: 2,
      isLowerCase: true,
      pieces: (word) => [{ id: Math.max(0, names.indexOf(word)), length: word.length }],
    },
    model: {
      id: "counting@1.0.0",
      async run({ ids }) {
        runs++;
        const count = (wanted: number) => ids.filter((id) => id === wanted).length;
        const entities = new Float32Array(ids.length * TOKEN_LABELS);
        for (const [place, id] of ids.entries()) entities[place * TOKEN_LABELS + (id === 5 ? 21 : 0)] = 9;
        return { vector: Float32Array.of(count(3), count(4)), entities };
      },
    },
  };
  const fitted = heads.map((head): SequenceHead => {
    // log-odds: two a "bad" above -3; a "sum" speaks for math.
    if (head.category) return { ...head, weights: Float32Array.of(2, 0), bias: Float32Array.of(-3) };
    return { ...head, weights: Float32Array.of(0, 0, 0, 1), bias: Float32Array.of(0, 0) };
  });
  return { family: headsFamily(row, encoder, fitted, told), runs: () => runs };
}

/** Texts that say so are German. */
const told: Labeller<TextSubject> = {
  id: "text/language",
  label: async (subjects) => subjects.map(({ text }) => (text.includes("deutsch") ? { language: "de" } : {})),
};

const first = async (found: Promise<Signal[][]>) => (await found)[0] ?? [];

describe("threats", () => {
  test("as bad as the worst window, with its passage and the words that speak loudest", async () => {
    const { family } = counting([threat("injection", { weight: 0.7 })]);
    const calm = "word ".repeat(150);
    const text = `${calm}this is bad, bad. ${calm}`;
    const [found] = await first(family.detector.detect([textSubject(text)], signal));
    expect(found).toMatchObject({
      category: "injection",
      detector: "text/heads",
      model: "counting@1.0.0",
      weight: 0.7,
    });
    expect(found?.score).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    const [passage, ...loud] = found?.evidence ?? [];
    expect(passage?.kind === "span" && text.slice(passage.start, passage.end)).toContain("bad, bad.");
    expect(loud.length).toBeGreaterThan(0);
    for (const one of loud)
      expect(one).toMatchObject({ kind: "rule", rule: "words", value: expect.stringContaining("bad") });
  });

  test("a language that has a calibration of its own is held to that", async () => {
    const { family } = counting([threat("hate", { calibration: { a: 1, b: 0, languages: { de: 2, en: -9 } } })]);
    const scores = await family.detector.detect([textSubject("bad word"), textSubject("bad deutsch")], signal);
    const [strict, own] = scores.map(([found]) => found?.score ?? 0);
    expect(own).toBeGreaterThan(strict ?? 1);
    expect(Math.log((own ?? 0) / (1 - (own ?? 0)))).toBeCloseTo(Math.log((strict ?? 0) / (1 - (strict ?? 0))) + 2, 6);
  });

  test("what is below one half needs no explanation, and costs none", async () => {
    const { family, runs } = counting([threat("injection"), threat("hate")]);
    const found = await first(family.detector.detect([textSubject("bad words")], signal));
    expect(found.map(({ evidence }) => evidence)).toEqual([[], []]);
    expect(runs()).toBe(1);
  });

  test("two heads share the runs that explain, at most 16", async () => {
    const { family, runs } = counting([threat("injection"), threat("hate")]);
    const found = await first(family.detector.detect([textSubject(`bad bad ${"word ".repeat(90)}`)], signal));
    expect(found.map(({ evidence }) => evidence.length)).toEqual([2, 2]);
    expect(runs()).toBe(17);
  });

  test("a single word has nothing to be compared with", async () => {
    const { family } = counting([threat("injection", { calibration: { a: 1, b: 4 } })]);
    const [found] = await first(family.detector.detect([textSubject("bad")], signal));
    expect(found?.evidence).toEqual([{ kind: "span", start: 0, end: 3, rule: "passage" }]);
  });

  test("no word, no opinion", async () => {
    const { family } = counting([threat("injection"), topic]);
    expect(await family.detector.detect([textSubject(" ")], signal)).toEqual([[]]);
    expect(await family.labeller.label([textSubject(" ")], signal)).toEqual([{}]);
    expect(await family.measures(textSubject(""), signal)).toEqual({});
  });
});

describe("who speaks", () => {
  test("a subject is read once, whoever asks", async () => {
    const { family, runs } = counting([threat("injection"), topic]);
    const subject = textSubject("a sum");
    await family.detector.detect([subject], signal);
    const [labels] = await family.labeller.label([subject], signal);
    expect(labels?.topic?.math).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    await family.entities(subject, signal);
    expect(runs()).toBe(1);
  });

  test.each([{ status: "shadow" }, { weight: 0 }] as const)(
    "a head with %j is measured and nothing else",
    async (change) => {
      const { family } = counting([threat("injection", change), { ...topic, ...change }]);
      expect(family.detector.categories).toEqual(["pii"]);
      expect(await family.detector.detect([textSubject("bad")], signal)).toEqual([[]]);
      expect(await family.labeller.label([textSubject("bad")], signal)).toEqual([{}]);
      const measures = await family.measures(textSubject("bad"), signal);
      expect(Object.keys(measures)).toEqual(["heads/injection", "heads/topic/law", "heads/topic/math"]);
    },
  );

  test("personal data is a signal only where it may be sent away", async () => {
    const { family } = counting([]);
    const span = { kind: "span", start: 9, end: 13, rule: "PERSON" };
    expect(await family.detector.detect([textSubject("I am not Anna", "page")], signal)).toEqual([[]]);
    const [found] = await first(family.detector.detect([textSubject("I am not Anna", "prompt")], signal));
    expect(found).toMatchObject({ category: "pii", evidence: [span] });
    expect(await family.entities(textSubject("I am not Anna"), signal)).toMatchObject([
      { start: 9, end: 13, type: "PERSON" },
    ]);
  });

  test("personal data in the shadow, or less likely than the threshold, is no signal", async () => {
    for (const entities of [
      { status: "shadow", threshold: 0.5 },
      { status: "active", threshold: 1 },
    ] as const) {
      const { family } = counting([], { entities });
      expect(await family.detector.detect([textSubject("Anna", "prompt")], signal)).toEqual([[]]);
    }
  });
});

describe("descriptions of two families", () => {
  const linear = { topic: { law: 0.8, math: 0.2 }, sentiment: { negative: 1, positive: 0 }, language: "en" };

  test("are averaged in log-odds by their share, and what one alone says stays", () => {
    const mixed = mixLabels(linear, { topic: { law: 0.5, math: 0.5 }, intent: { a: 1 } }, new Map([["topic", 0.5]]));
    expect(mixed.topic?.law).toBeCloseTo(2 / 3, 9);
    expect(mixed).toMatchObject({ sentiment: linear.sentiment, intent: { a: 1 }, language: "en" });
  });

  test.each([
    [0, 0.8],
    [1, 0.3],
  ])("a share of %d takes one of them", (share, law) => {
    const mixed = mixLabels(linear, { topic: { law: 0.3, math: 0.7 } }, new Map([["topic", share]]));
    expect(mixed.topic?.law).toBeCloseTo(law, 9);
  });

  test("a probability of nothing spoils none", () => {
    const mixed = mixLabels(linear, { sentiment: { negative: 0, positive: 1 } }, new Map([["sentiment", 0.5]]));
    expect(mixed.sentiment?.negative).toBeCloseTo(0.5, 9);
  });
});

describe("a head's file", () => {
  const row = { id: "x", version: "1", width: 2 } as TextEncoderRow;
  const bytes = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

  test("holds weights, then biases", () => {
    const head = readSequenceHead(row, topic, bytes(1, 2, 3, 4, 5, 6));
    expect([[...head.weights], [...head.bias]]).toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ]);
  });

  test.each([
    ["too short", bytes(1, 2, 3)],
    ["too long", bytes(1, 2, 3, 4, 5, 6, 7)],
    ["cut in a number", bytes(1, 2, 3, 4, 5, 6).subarray(1)],
    ["not made of numbers", bytes(1, 2, 3, 4, 5, Number.NaN)],
  ])("that is %s is refused", (_, content) => {
    expect(() => readSequenceHead(row, topic, content)).toThrow(WardlightError);
  });
});

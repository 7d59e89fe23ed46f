import { beforeAll, describe, expect, test } from "vitest";
import { WardlightError } from "../../src/core/errors.ts";
import type { HeadsFamily } from "../../src/core/text/heads.ts";
import { tokensOf, type Vocabulary } from "../../src/core/text/wordpiece.ts";
import { openTextEncoder } from "../../src/inference/text-encoder.ts";
import { openVocabulary } from "../../src/inference/tokeniser.ts";
import { golden, readWithTiny, textSubject, tinyRow } from "../fixtures/tiny-encoder.ts";

const { signal } = new AbortController();
const row = tinyRow();
const texts = golden.vectors.map((vector) => [JSON.stringify(vector.text.slice(0, 40)), vector] as const);
const tokenizerJson = async () =>
  JSON.parse(new TextDecoder().decode(await readWithTiny("tiny-encoder/tokenizer.json")));

let vocabulary: Vocabulary;
let family: HeadsFamily;
beforeAll(async () => {
  vocabulary = openVocabulary(await tokenizerJson());
  family = await openTextEncoder(row, readWithTiny);
});

const near = (found: number | undefined, expected: number) =>
  Math.abs((found ?? Number.NaN) - expected) <= golden.tolerance;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe("equal to Python", () => {
  test("the tolerance is what the project promises, and the texts are many", () => {
    expect(golden.tolerance).toBeLessThanOrEqual(1e-4);
    expect(golden.vectors.length).toBeGreaterThanOrEqual(25);
    expect(Math.max(...golden.vectors.map(({ ids }) => ids.length))).toBeGreaterThan(220);
  });

  test.each(texts)("tokens of %s: ids, places, shapes", (_, { text, ids, spans, shapes }) => {
    const tokens = tokensOf(text, vocabulary);
    expect(tokens.map(({ id }) => id)).toEqual(ids);
    expect(tokens.map(({ start, end }) => [start, end])).toEqual(spans);
    expect(tokens.map(({ shape }) => shape).join("")).toBe(shapes);
  });

  test.each(texts)("heads of %s", async (_, { text, logits }) => {
    const measures = await family.measures(textSubject(text), signal);
    const expected = row.heads.flatMap(({ task, classes, calibration: { a, b } }) => {
      const found = logits[task];
      if (!found) return [];
      if (classes.length === 0) return [[`heads/${task}`, sigmoid(a * (found[0] ?? 0) + b)] as const];
      const raised = found.map((logit) => Math.exp(a * logit));
      const total = raised.reduce((sum, value) => sum + value, 0);
      return classes.map((name, i) => [`heads/${task}/${name}`, (raised[i] ?? 0) / total] as const);
    });
    expect(Object.keys(measures)).toEqual(expected.map(([name]) => name));
    expect(expected.filter(([name, value]) => !near(measures[name], value))).toEqual([]);
  });

  test.each(texts)("personal data in %s", async (_, { text, entities }) => {
    const found = await family.entities(textSubject(text), signal);
    const expected = entities.filter(([, , , score]) => score >= row.entities.threshold);
    expect(found.map(({ start, end, type }) => [start, end, type])).toEqual(expected.map((one) => one.slice(0, 3)));
    for (const [i, one] of found.entries()) expect(near(one.score, expected[i]?.[3] ?? Number.NaN)).toBe(true);
  });

  test("a text's scores do not depend on what is judged beside it", async () => {
    const subjects = () => golden.vectors.map(({ text }) => textSubject(text));
    const together = await family.detector.detect(subjects(), signal);
    const alone = await Promise.all(subjects().map((subject) => family.detector.detect([subject], signal)));
    expect(together).toEqual(alone.flat());
  });
});

test("a threat at one half or more points to its window and to words in it", async () => {
  const found = await family.detector.detect(
    golden.vectors.map(({ text }) => textSubject(text)),
    signal,
  );
  const loud = found.flatMap((signals, i) =>
    signals.filter(({ score }) => score >= 0.5).map((one) => ({ ...one, text: golden.vectors[i]?.text ?? "" })),
  );
  expect(loud.length).toBeGreaterThan(5);
  for (const { evidence, text } of loud) {
    const [passage, ...words] = evidence;
    expect(passage).toMatchObject({ kind: "span", rule: "passage" });
    expect(words.length).toBeLessThanOrEqual(3);
    for (const one of words) expect(text).toContain(one.kind === "rule" ? one.value : undefined);
  }
  expect(loud.some(({ evidence }) => evidence.length === 4)).toBe(true);
});

test("a cancellation that comes as a message is heard between two windows", async () => {
  const controller = new AbortController();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => controller.abort();
  const reading = family.entities(textSubject("word ".repeat(6_000)), controller.signal);
  port2.postMessage("cancel");
  await expect(reading).rejects.toThrow("abort");
  port1.close();
});

describe("files that are not as they should be", () => {
  const changed = (name: string, change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) => {
    return async (path: string) => {
      const bytes = await readWithTiny(path);
      return path.endsWith(name) ? change(bytes) : bytes;
    };
  };

  test.each(["encoder.onnx", "tokenizer.json", "head-topic.bin"])("one bit changed in %s is refused", async (name) => {
    const flip = (bytes: Uint8Array<ArrayBuffer>) => bytes.with(40, (bytes[40] ?? 0) ^ 1) as Uint8Array<ArrayBuffer>;
    await expect(openTextEncoder(row, changed(name, flip))).rejects.toMatchObject({ code: "security" });
  });

  test("vectors of another width than the row's are the model's failure", async () => {
    const narrow = { ...row, width: 31, heads: [] };
    const odd = await openTextEncoder(narrow, readWithTiny);
    await expect(odd.detector.detect([textSubject("words")], signal)).rejects.toMatchObject({ code: "model" });
  });

  test.each<[string, Record<string, object>]>([
    ["another model", { model: { type: "BPE" } }],
    ["no pieces within words", { model: { type: "WordPiece", continuing_subword_prefix: "@@" } }],
    ["accents stripped", { normalizer: { strip_accents: true } }],
    ["another way to find words", { pre_tokenizer: { type: "Whitespace" } }],
    ["no [CLS]", { model: { vocab: { "[UNK]": 0, "[SEP]": 1 } } }],
  ])("a tokeniser with %s is refused", async (_, change) => {
    const json = await tokenizerJson();
    const altered = Object.fromEntries(
      Object.entries(json).map(([key, value]) => [key, Object.assign({}, value, change[key])]),
    );
    expect(() => openVocabulary(altered)).toThrow(WardlightError);
    expect(() => openVocabulary(json)).not.toThrow();
  });
});

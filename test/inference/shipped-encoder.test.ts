import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { type EncoderHead, parseCatalog, rowsOf } from "../../src/core/catalog.ts";
import { sigmoid, softmax } from "../../src/core/math.ts";
import type { HeadsFamily } from "../../src/core/text/heads.ts";
import { cosine } from "../../src/core/text/neighbours.ts";
import { tokensOf } from "../../src/core/text/wordpiece.ts";
import { languageLabeller } from "../../src/inference/language.ts";
import { openTextEncoder } from "../../src/inference/text-encoder.ts";
import { openVocabulary } from "../../src/inference/tokeniser.ts";
import { type Golden, textSubject } from "../fixtures/tiny-encoder.ts";

const MODELS = new URL("../../models/", import.meta.url);
const read = async (path: string) => new Uint8Array(readFileSync(new URL(path, MODELS)));
const [row] = rowsOf(parseCatalog(catalogJson), "text-encoder");
const { signal } = new AbortController();

/** What a head makes of Python's logits: one number of a threat, one a class of a description. */
function expected(head: EncoderHead, logits: readonly number[], language = ""): number[] {
  const { a, b, languages } = head.calibration;
  if (head.category === undefined) return softmax(logits.map((logit) => a * logit));
  return logits.map((logit) => sigmoid(a * logit + b + (languages?.[language] ?? 0)));
}

/** The catalogue may ship no encoder: see ARCHITECTURE.md. */
describe.runIf(row !== undefined)("the shipped encoder says what Python says of the very same file", () => {
  const { id, heads } = row ?? { id: "", heads: [] };
  let family: HeadsFamily;
  let golden: { readonly tolerance: number; readonly vectors: readonly Golden[] };
  beforeAll(async () => {
    golden = JSON.parse(new TextDecoder().decode(await read(`${id}/reference.json`)));
    if (row) family = await openTextEncoder(row, read);
  }, 60_000);

  test("tokens, their places and shapes exactly", async () => {
    const vocabulary = openVocabulary(JSON.parse(new TextDecoder().decode(await read(`${id}/tokenizer.json`))));
    for (const { text, ids, spans, shapes } of golden.vectors) {
      const tokens = tokensOf(text, vocabulary);
      expect(tokens.map((token) => token.id)).toEqual(ids);
      expect(tokens.map(({ start, end }) => [start, end])).toEqual(spans);
      expect(tokens.map(({ shape }) => shape).join("")).toBe(shapes);
    }
  });

  test("every head within the bound of 8-bit rounding, and of most texts to 1e-4", async () => {
    expect(golden.tolerance).toBeLessThanOrEqual(0.1);
    const worst: number[] = [];
    for (const { text, logits } of golden.vectors) {
      const found = await family.measures(textSubject(text), signal);
      const [labels] = await languageLabeller().label([textSubject(text)], signal);
      const differences = heads.flatMap((head) => {
        const names = head.category === undefined ? head.classes.map((name) => `/${name}`) : [""];
        return expected(head, logits[head.task] ?? [], labels?.language).map((score, i) =>
          Math.abs((found[`heads/${head.task}${names[i]}`] ?? Number.NaN) - score),
        );
      });
      worst.push(Math.max(0, ...differences));
    }
    expect(Math.max(...worst)).toBeLessThanOrEqual(golden.tolerance);
    expect(worst.filter((difference) => difference <= 1e-4).length / worst.length).toBeGreaterThan(0.6);
  }, 120_000);

  test("a sentence lies near its translation, and far from another", async () => {
    const at = async (text: string) => (await family.vector(textSubject(text), signal)) ?? new Float32Array();
    const english = await at("The train to Berlin leaves at nine in the morning.");
    const german = await at("Der Zug nach Berlin fährt um neun Uhr morgens ab.");
    const other = await at("Photosynthesis turns light into chemical energy.");
    expect(cosine(english, german)).toBeGreaterThan(cosine(english, other));
  });

  // A word's label hangs on one place of the last layer, not on the mean of all: .128 was the worst that was seen.
  test("personal data within one and a half of that bound", async () => {
    const bound = 1.5 * golden.tolerance;
    let exact = 0;
    for (const { text, entities } of golden.vectors) {
      const found = await family.entities(textSubject(text), signal);
      // What lies at the threshold may stand on either side of it, and where two labels are level a word more or less.
      for (const [start, end, type, score] of entities) {
        if (score < (row?.entities.threshold ?? 1) + bound) continue;
        const same = found.filter((one) => one.type === type && one.start < end && start < one.end);
        expect(same, `${type} in ${text.slice(0, 40)}`).toHaveLength(1);
        const [one] = same;
        if (one?.start !== start || one.end !== end) continue;
        expect(Math.abs(one.score - score), `${type} in ${text.slice(0, 40)}`).toBeLessThanOrEqual(bound);
        exact++;
      }
    }
    expect(exact).toBeGreaterThan(5);
  }, 120_000);
});

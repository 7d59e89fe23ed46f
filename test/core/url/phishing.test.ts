import fc from "fast-check";
import { describe, expect, test } from "vitest";
import modelJson from "../../../models/url-phishing/model.json" with { type: "json" };
import reference from "../../../models/url-phishing/reference.json" with { type: "json" };
import { WardlightError } from "../../../src/core/errors.ts";
import { analysisOf } from "../../../src/core/url/analysis.ts";
import { parsePhishingModel, urlDetectors } from "../../../src/core/url/detectors.ts";
import { FEATURES, featuresOf } from "../../../src/core/url/features.ts";
import { Forest } from "../../../src/core/url/phishing.ts";

const model = parsePhishingModel(modelJson);
const forest = new Forest(model);
const { signal } = new AbortController();

test("every golden vector of the workshop is reproduced to 1e-6", () => {
  expect(reference.cases.length).toBeGreaterThan(100);
  const far = reference.cases.filter(({ url, score }) => {
    const analysis = analysisOf(url);
    return !analysis || Math.abs(forest.judge(analysis).score - score) > reference.tolerance;
  });
  expect(far).toEqual([]);
});

test("the golden scores are not all the same", () => {
  const scores = reference.cases.map(({ score }) => score);
  expect(Math.max(...scores) - Math.min(...scores)).toBeGreaterThan(0.8);
});

test("every detector speaks with its evidence, and none of them is certain", async () => {
  const detectors = urlDetectors({ name: "url-phishing@1.0.0", model });
  const subject = {
    kind: "url",
    id: "1",
    context: "page",
    url: "https://paypal-verify-login.xyz/secure/login.php",
  } as const;
  const answers = await Promise.all(detectors.map((detector) => detector.detect([subject], signal)));
  const signals = answers.flat(2);
  expect(detectors.map(({ id }) => id)).toEqual(["url/lexical", "url/lookalike", "url/phishing"]);
  expect(new Set(signals.map(({ detector }) => detector)).size).toBe(3);
  for (const one of signals) {
    expect(one.isCertain).toBeUndefined();
    expect(one.score).toBeLessThanOrEqual(0.99);
    expect(one.evidence.length).toBeGreaterThan(0);
  }
});

test("whatever the address, the score is a probability and the features are finite", () => {
  const url = fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.string({ unit: "binary" }).map((text) => `http://a.example/${text}`),
    fc.domain().map((host) => `https://${host}/`),
    fc.ipV6().map((ip) => `http://[${ip}]/`),
  );
  fc.assert(
    fc.property(url, (text) => {
      const analysis = analysisOf(text);
      if (!analysis) return;
      const { score } = forest.judge(analysis);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect([...featuresOf(analysis)].every(Number.isFinite)).toBe(true);
    }),
  );
});

test("scheme and a leading www. change nothing but what the lexical rules read in them", () => {
  const judge = (url: string) => {
    const analysis = analysisOf(url);
    return analysis && forest.judge(analysis).score;
  };
  expect(judge("https://www.example.org/a")).toBe(judge("http://example.org/a"));
});

test("an address of two megabytes is judged", async () => {
  const url = `https://example.com/${"login/%41".repeat(250_000)}?${"a=b&".repeat(100_000)}`;
  const subject = { kind: "url", id: "1", context: "page", url } as const;
  const detectors = urlDetectors({ name: "url-phishing@1.0.0", model });
  const answers = await Promise.all(detectors.map((detector) => detector.detect([subject], signal)));
  expect(answers).toHaveLength(3);
});

describe("a model is refused that", () => {
  const { trees } = model;
  test.each<[string, unknown]>([
    ["is nothing", undefined],
    ["is of another kind", { ...model, kind: "text-linear" }],
    ["reads other features", { ...model, features: FEATURES.toReversed() }],
    ["has too few weights", { ...model, linear: { ...model.linear, codes: "AAAA" } }],
    ["has a circle", { ...model, trees: { ...trees, left: trees.left.map(() => 0) } }],
    ["leaves its arrays", { ...model, trees: { ...trees, roots: [trees.features.length] } }],
    [
      "asks for an unknown feature",
      { ...model, trees: { ...trees, features: trees.features.map((f) => (f < 0 ? f : 999)) } },
    ],
    ["is not finite", { ...model, baseline: Number.NaN }],
  ])("%s", (_, json) => {
    expect(() => parsePhishingModel(json)).toThrow(WardlightError);
  });
});

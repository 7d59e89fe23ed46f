import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WardlightError } from "../../../src/core/errors.ts";
import { type PageFacts, pageSignals, parsePageFacts } from "../../../src/core/url/detectors.ts";

const quiet: PageFacts = {
  title: "Recipes",
  heading: "",
  forms: [],
  icon: "",
  resourceHosts: [],
  hiddenFrames: 0,
  blocksContextMenu: false,
};
const login = { action: "", hasPassword: true, hasCard: false };
const paypal = { ...quiet, title: "Log in to your account | PayPal", forms: [login] };

describe("what a page shows", () => {
  test("a forged page of an imitated brand is certain", () => {
    const [signal] = pageSignals("https://paypa1.com/", paypal);
    expect(signal).toMatchObject({ score: 1, isCertain: true, category: "phishing" });
    expect(signal?.evidence).toContainEqual({ kind: "target", rule: "page", name: "PayPal", host: "paypal.com" });
  });

  test.each<[string, string, PageFacts]>([
    ["the brand itself", "https://www.paypal.com/signin", paypal],
    ["a page without a form", "https://paypa1.com/", { ...paypal, forms: [] }],
    ["a search form", "https://a.example/", { ...paypal, forms: [{ ...login, hasPassword: false }] }],
    ["an ordinary login", "https://a.example/", { ...quiet, forms: [{ ...login, action: "https://a.example/in" }] }],
  ])("%s is not blocked", (_, url, facts) => {
    expect(pageSignals(url, facts).some(({ isCertain }) => isCertain)).toBe(false);
  });

  test("an ordinary login says nothing at all, and the brand's own says nothing", () => {
    expect(pageSignals("https://a.example/", { ...quiet, forms: [login] })).toEqual([]);
    expect(pageSignals("https://www.paypal.com/", paypal)).toEqual([]);
  });

  test("a look-alike that speaks of itself, or sends the secret to the brand, is not certain", () => {
    const own = { ...quiet, title: "Facebok, the hiking club", forms: [login] };
    expect(pageSignals("https://facebok.com/", own).some(({ isCertain }) => isCertain)).toBe(false);
    const sent = { ...paypal, forms: [{ ...login, action: "https://www.paypal.com/auth" }] };
    expect(pageSignals("https://paypa1.com/", sent).some(({ isCertain }) => isCertain)).toBe(false);
  });

  test("each fact adds, and without certainty none reaches it", () => {
    const foreign = { ...paypal, forms: [{ ...login, action: "http://evil.example/take" }] };
    const url = "https://unrelated.example/";
    const scores = [
      paypal,
      foreign,
      { ...foreign, icon: "https://www.paypalobjects.com/i.ico" },
      { ...foreign, icon: "https://www.paypalobjects.com/i.ico", hiddenFrames: 2, blocksContextMenu: true },
    ].map((facts) => pageSignals(url, facts)[0]?.score ?? 0);
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect(scores.at(-1)).toBeLessThanOrEqual(0.99);
    expect(pageSignals(url, foreign)[0]?.evidence).toContainEqual({
      kind: "rule",
      rule: "secret-sent-elsewhere",
      value: "evil.example",
    });
  });
});

describe("what a content script may say", () => {
  test.each([
    ["title", { ...quiet, title: "x".repeat(301) }],
    ["forms", { ...quiet, forms: Array.from({ length: 21 }, () => login) }],
    ["forms", { ...quiet, forms: [{ action: 1 }] }],
    ["forms", { ...quiet, forms: [null] }],
    ["resourceHosts", { ...quiet, resourceHosts: Array.from({ length: 101 }, () => "a.example") }],
    ["hiddenFrames", { ...quiet, hiddenFrames: -1 }],
    ["blocksContextMenu", { ...quiet, blocksContextMenu: "yes" }],
    ["title", undefined],
  ])("a wrong %s is refused", (field, value) => {
    expect(() => parsePageFacts(value)).toThrow(field);
  });

  test("anything else is refused by a WardlightError, and nothing makes the judgement throw", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        try {
          parsePageFacts(value);
        } catch (error) {
          expect(error).toBeInstanceOf(WardlightError);
        }
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (url, title, action) => {
        const signals = pageSignals(url, { ...quiet, title, forms: [{ ...login, action }] });
        expect(signals.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

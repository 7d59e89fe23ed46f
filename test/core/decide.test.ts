import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "../../src/core/decide.ts";
import { DEFAULT_SETTINGS, policyOf } from "../../src/core/policy.ts";
import { ACTION_KINDS, type Category, type Failure, type Policy, type Signal } from "../../src/core/types.ts";

const policy: Policy = {
  rules: [
    { category: "injection", contexts: ["paste"], limits: { hide: 0.5 } },
    { category: "injection", limits: { warn: 0.5 } },
    { category: "sexual", limits: { warn: 0.3, blur: 0.6, block: 0.9 } },
    { category: "phishing", limits: { block: 0.5 } },
  ],
  allowlist: ["exempt.example"],
  quietSites: ["quiet.example"],
  trustedAddresses: ["vouched.example"],
  pausedUntil: null,
  onFailure: { image: "hide", text: "allow", url: "allow" },
  mayReveal: true,
  mayProceed: true,
  weights: { heavy: 3 },
  fallback: "hide",
  isRegional: false,
  remembers: true,
  rereadsInPrivate: true,
  cover: "blur",
  describesPages: false,
  passages: { highlights: true, neutralises: false, markedSites: [] },
};
const here = { site: "site.example", at: 1_000 };
const image = { kind: "image", context: "page" } as const;
const failure: Failure = { code: "model", message: "gone" };

function signal(category: Category, score: number, detector = "one", isCertain = false): Signal {
  return { category, score, detector, model: `${detector}@1`, evidence: [], ...(isCertain ? { isCertain } : {}) };
}
const decideOn = (...signals: Signal[]) => decide(image, { signals }, policy, here);

test("an address that the user vouches for is allowed; pictures on it are judged as anywhere", () => {
  const there = { site: "www.vouched.example", at: 1_000 };
  const signals = [signal("phishing", 1, "url/blocklist", true), signal("sexual", 0.7)];
  const url = decide({ kind: "url", context: "page" }, { signals }, policy, there);
  expect(url.action).toMatchObject({ kind: "allow", reason: "allowlisted" });
  expect(decide(image, { signals: signals.slice(1) }, policy, there).action).toMatchObject({ kind: "blur" });
});

test("where the user writes undisturbed, nothing is said of drafts, and of the page all the same", () => {
  const there = { site: "www.quiet.example", at: 1_000 };
  const signals = [signal("injection", 0.9)];
  const draft = decide({ kind: "text", context: "paste" }, { signals }, policy, there);
  expect(draft.action).toMatchObject({ kind: "allow", reason: "allowlisted" });
  expect(decide({ kind: "text", context: "page" }, { signals }, policy, there).action.kind).toBe("warn");
});

describe("the vote", () => {
  test("no signal is safe and allowed", () => {
    expect(decideOn()).toMatchObject({
      verdict: { category: "safe", score: 0, consensus: 1 },
      action: { kind: "allow" },
    });
  });

  test("equal votes meet half-way in log-odds, and the heavier pulls harder", () => {
    expect(decideOn(signal("sexual", 0.2), signal("sexual", 0.8, "two")).verdict.score).toBeCloseTo(0.5);
    const { verdict } = decideOn(signal("sexual", 0.2), signal("sexual", 0.8, "heavy"));
    expect(verdict.score).toBeCloseTo(2 / 3);
    expect(verdict.consensus).toBeCloseTo(0.75);
    expect(verdict.uncertainty).toBeGreaterThan(0.2);
  });

  test("exact knowledge outvotes any opinion", () => {
    const { verdict, action } = decideOn(signal("phishing", 0.01, "model"), signal("phishing", 1, "list", true));
    expect(verdict.score).toBeGreaterThan(0.99);
    expect(action).toMatchObject({ kind: "block", reason: "certain" });
  });

  test("a rule finds and does not acquit: the higher of the strongest rule and the models' vote counts", () => {
    const rule = (score: number): Signal => ({ category: "injection", score, detector: "rules", evidence: [] });
    const model = (score: number) => signal("injection", score, "model");
    const score = (...signals: Signal[]) => decideOn(...signals).verdict.scores.injection;
    expect(score(rule(0.3), model(0.9))).toBeCloseTo(0.9);
    expect(score(rule(0.8), model(0.02))).toBeCloseTo(0.8);
    expect(score(rule(0.3), rule(0.8))).toBeCloseTo(0.8);
  });

  test("the verdict names what was acted on, not what scored highest without a limit", () => {
    const { verdict, action } = decideOn(signal("toxicity", 0.99), signal("sexual", 0.7, "two"));
    expect([verdict.category, action.kind]).toEqual(["sexual", "blur"]);
  });

  const probability = fc.double({ min: 0, max: 1, noNaN: true });
  const votes = fc.array(fc.tuple(probability, fc.constantFrom("one", "two", "heavy")), { minLength: 1, maxLength: 6 });

  test("the score lies between the lowest and the highest opinion, and raising one never lowers the action", () => {
    fc.assert(
      fc.property(votes, probability, (opinions, higher) => {
        const signals = opinions.map(([score, detector]) => {
          const { model: _, ...rule } = signal("sexual", score, detector);
          return detector === "two" ? rule : signal("sexual", score, detector);
        });
        const before = decideOn(...signals);
        const scores = opinions.map(([score]) => score);
        expect(before.verdict.score).toBeGreaterThanOrEqual(Math.min(...scores) - 1e-5);
        expect(before.verdict.score).toBeLessThanOrEqual(Math.max(...scores) + 1e-5);
        expect(before.verdict.uncertainty).toBeLessThanOrEqual(0.5 + 1e-9);
        const [first, ...rest] = signals as [Signal, ...Signal[]];
        const after = decideOn({ ...first, score: Math.max(first.score, higher) }, ...rest);
        expect(rank(after.action.kind)).toBeGreaterThanOrEqual(rank(before.action.kind));
      }),
    );
  });
});

describe("the policy", () => {
  test.each([
    [0.1, "allow"],
    [0.3, "warn"],
    [0.59, "warn"],
    [0.6, "blur"],
  ] as const)("a score of %d leads to %s", (score, kind) => {
    expect(decideOn(signal("sexual", score)).action.kind).toBe(kind);
  });

  test("one detector alone never blocks; two do", () => {
    expect(decideOn(signal("sexual", 0.99)).action.kind).toBe("hide");
    expect(decideOn(signal("sexual", 0.99), signal("sexual", 0.98)).action.kind).toBe("hide");
    expect(decideOn(signal("sexual", 0.99), signal("sexual", 0.98, "two")).action.kind).toBe("block");
  });

  test("a rule may ask for several voters, each on its side of one half, whatever the mean", () => {
    const both: Policy = { ...policy, rules: [{ category: "sexual", voters: 2, limits: { blur: 0.6 } }] };
    const act = (...scores: number[]) =>
      decide(image, { signals: scores.map((score, i) => signal("sexual", score, `${i}`)) }, both, here).action.kind;
    expect([act(0.99), act(0.9999, 0.4), act(0.99, 0.55), act(0.7, 0.7)]).toEqual(["allow", "allow", "blur", "blur"]);
  });

  test("the first rule that fits the context holds", () => {
    const finding = { signals: [signal("injection", 0.8)] };
    expect(decide({ kind: "text", context: "page" }, finding, policy, here).action.kind).toBe("warn");
    expect(decide({ kind: "text", context: "paste" }, finding, policy, here).action.kind).toBe("hide");
  });

  test("an exemption allows, and says which", () => {
    const finding = { signals: [signal("phishing", 1, "list", true)] };
    const at = (site: string) => decide(image, finding, policy, { site, at: 1_000 }).action;
    expect(at("exempt.example")).toMatchObject({ kind: "allow", reason: "allowlisted" });
    expect(at("a.exempt.example")).toMatchObject({ kind: "allow", reason: "allowlisted" });
    expect(at("notexempt.example").kind).toBe("block");
    const paused = { ...policy, pausedUntil: 1_001 };
    expect(decide(image, finding, paused, here).action).toMatchObject({ kind: "allow", reason: "paused" });
    expect(decide(image, finding, paused, { ...here, at: 1_001 }).action.kind).toBe("block");
  });

  test("what people type into their own chat is no attack on them", () => {
    const finding = { signals: [signal("injection", 0.99)] };
    const own = policyOf({ ...DEFAULT_SETTINGS, level: "strict" });
    expect(decide({ kind: "text", context: "prompt" }, finding, own, here).action.kind).toBe("allow");
    expect(decide({ kind: "text", context: "paste" }, finding, own, here).action.kind).toBe("warn");
  });
});

describe("failure", () => {
  test("is never silent: the policy's action, and the verdict says unknown", () => {
    const { verdict, action } = decide(image, { signals: [], failure }, policy, here);
    expect(verdict).toMatchObject({ category: "unknown", failure });
    expect(action).toMatchObject({ kind: "hide", reason: "failure", mayReveal: true });
    expect(decide({ kind: "text", context: "page" }, { signals: [], failure }, policy, here).action.kind).toBe("allow");
  });

  test("can only raise what the other detectors ask for", () => {
    const signals = [signal("sexual", 0.99), signal("sexual", 0.99, "two")];
    expect(decide(image, { signals, failure }, policy, here).action).toMatchObject({ kind: "block", reason: "judged" });
    const harmless = { signals: [signal("sexual", 0.01)], failure };
    expect(decide(image, harmless, policy, here).action).toMatchObject({ kind: "hide", reason: "failure" });
  });
});

function rank(kind: (typeof ACTION_KINDS)[number]): number {
  return ACTION_KINDS.indexOf(kind);
}

describe("pictures", () => {
  const settings = { ...DEFAULT_SETTINGS };
  const hint = (score: number): Signal => ({
    category: "sexual",
    score,
    detector: "image/skin",
    isHint: true,
    evidence: [],
  });
  const network = (score: number, detector: string, sexy = 0): Signal => ({
    ...signal("sexual", score, detector),
    evidence: [{ kind: "class", name: "Sexy", score: sexy }],
  });
  const on = (signals: readonly Signal[], change: Partial<typeof settings> = {}, more: object = {}) =>
    decide(image, { signals, ...more }, policyOf({ ...settings, ...change }), here);

  test("a hint moves the vote a little and is no voter", () => {
    const [without, against] = [
      [network(0.9, "a"), network(0.4, "b")],
      [network(0.9, "a"), network(0.4, "b"), hint(0.82)],
    ];
    expect(on(against).action.kind).toBe("allow");
    expect(Math.abs(on(against).verdict.score - on(without).verdict.score)).toBeLessThan(0.05);
    expect(on([network(0.99, "a"), hint(0.82)]).action.kind).toBe("allow");
  });

  test.each([
    ["relaxed", "allow"],
    ["balanced", "allow"],
    ["strict", "blur"],
  ] as const)("suggestive pictures count at the strict level alone (%s: %s)", (level, kind) => {
    expect(on([network(0.1, "a", 0.85), network(0.55, "b")], { level }).action.kind).toBe(kind);
  });

  test("where no network can be opened, colour and shape decide only for who chose that, and it is said", () => {
    const failed = { failure };
    expect(on([hint(0.9)], {}, failed)).toMatchObject({
      verdict: { category: "unknown", score: 0 },
      action: { kind: "hide", reason: "failure" },
    });
    const heuristic = { fallback: "heuristic" } as const;
    expect(on([hint(0.9)], heuristic, failed).action).toMatchObject({ kind: "blur", reason: "heuristic" });
    expect(on([hint(0.1)], heuristic, failed).action).toMatchObject({ kind: "allow", reason: "heuristic" });
    expect(on([], heuristic, failed).action).toMatchObject({ kind: "hide", reason: "failure" });
  });

  test("a disputed picture is shown, unless nothing may be revealed", () => {
    const signals = [network(0.99, "a"), network(0.99, "b")];
    expect(on(signals).action.kind).toBe("blur");
    const disputed = { signals, isDisputed: true };
    expect(on(signals, {}, disputed).action).toMatchObject({ kind: "allow", reason: "disputed" });
    const held = { ...policyOf(settings), mayReveal: false };
    expect(decide(image, disputed, held, here).action.kind).toBe("blur");
  });
});

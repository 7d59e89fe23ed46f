import { describe, expect, test } from "vitest";
import { type Decision, decide } from "../../../src/core/decide.ts";
import { DEFAULT_SETTINGS, policyOf, type Settings } from "../../../src/core/policy.ts";
import { answerTo, type ProgramJudges } from "../../../src/core/programs/answers.ts";
import type { Category, Context, Finding, Signal, SubjectKind } from "../../../src/core/types.ts";

const MODELS = { "/nsfw-check": [], "/classify-text": [], "/threat-url": [] };
const image_base64 = btoa("picture");
const heard: [string, Context][] = [];

/** Judges that find just this, decided as the settings want it. */
function finding(found: Finding, settings: Partial<Settings> = {}): ProgramJudges {
  const policy = policyOf({ ...DEFAULT_SETTINGS, ...settings });
  const judge = async (kind: SubjectKind, context: Context): Promise<Decision> =>
    decide({ kind, context }, found, policy, { site: "a.example", at: 0 });
  return {
    models: MODELS,
    policy,
    judgePicture: () => judge("image", "page"),
    judgeText(text, context) {
      heard.push([text, context]);
      return judge("text", context);
    },
    judgeAddress: () => judge("url", "page"),
  };
}

const by = (detector: string, category: Category, score: number, more: Partial<Signal> = {}): Signal => ({
  detector,
  category,
  score,
  model: `${detector}@1`,
  evidence: [],
  ...more,
});
const both = (score: number) => ({ signals: [by("image/a", "sexual", score), by("image/b", "sexual", score)] });

describe("/nsfw-check", () => {
  test.each([
    [0.02, "balanced", { is_nsfw: false, confidence: 0.98, threat_level: "none" }],
    [0.3, "balanced", { is_nsfw: false, confidence: 0.7, threat_level: "low" }],
    [0.55, "balanced", { is_nsfw: false, confidence: 0.45, threat_level: "medium" }],
    [0.55, "strict", { is_nsfw: true, confidence: 0.55, threat_level: "high" }],
    [0.7, "balanced", { is_nsfw: true, confidence: 0.7, threat_level: "high" }],
    [0.95, "balanced", { is_nsfw: true, confidence: 0.95, threat_level: "critical" }],
  ] as const)("two networks at %f, level %s", async (score, level, answer) => {
    const found = await answerTo("/nsfw-check", { image_base64 }, finding(both(score), { level }));
    expect(found).toEqual({ ...answer, confidence: expect.closeTo(answer.confidence, 9) });
  });

  test("one network alone withholds nothing", async () => {
    const alone = finding({ signals: [by("image/a", "sexual", 0.97)] });
    expect(await answerTo("/nsfw-check", { image_base64 }, alone)).toMatchObject({
      is_nsfw: false,
      threat_level: "medium",
    });
  });
});

describe("/classify-text", () => {
  const text = "Some words";
  const mixed = {
    signals: [
      by("text/linear", "hate", 0.8),
      by("text/linear", "toxicity", 0.6),
      by("text/pii", "pii", 0.98, { isCertain: true }),
    ],
  };

  test("of harm, by the limits of the policy or, where it has none, of calibration", async () => {
    expect(await answerTo("/classify-text", { text }, finding(mixed))).toEqual({
      is_harmful: true,
      confidence: expect.closeTo(0.8, 9),
      details: { toxicity: expect.closeTo(0.6, 9), hate: expect.closeTo(0.8, 9), offensive: 0, injection: 0 },
    });
    expect(await answerTo("/classify-text", { text, models: ["toxicity"] }, finding(mixed))).toEqual({
      is_harmful: false,
      confidence: expect.closeTo(0.4, 9),
      details: { toxicity: expect.closeTo(0.6, 9) },
    });
  });

  test.each([
    ["relaxed", 0.8, false],
    ["balanced", 0.8, true],
    ["balanced", 0.72, false],
    ["strict", 0.72, true],
  ] as const)("orders to an AI at the level %s, found at %f", async (level, score, is_harmful) => {
    const found = finding({ signals: [by("text/patterns", "injection", score)] }, { level });
    expect(await answerTo("/classify-text", { text }, found)).toMatchObject({ is_harmful });
  });

  test("personal data is looked for where it is asked for, as in what somebody is about to send", async () => {
    heard.length = 0;
    await answerTo("/classify-text", { text }, finding(mixed));
    const found = await answerTo("/classify-text", { text, models: ["pii"] }, finding(mixed));
    expect(found).toMatchObject({ is_harmful: true, details: { pii: 0.98 } });
    expect(heard).toEqual([
      [text, "comment"],
      [text, "paste"],
    ]);
  });
});

describe("/threat-url", () => {
  const url = "https://a.example/";
  test.each<[string, Finding, object]>([
    ["nothing", { signals: [] }, { threat_score: 0, is_blocked: false }],
    [
      "looks alone, which only warn",
      { signals: [by("url/phishing", "phishing", 0.93), by("url/lexical", "adult", 0.4, { model: "m@1" })] },
      { threat_score: expect.closeTo(0.93, 9), is_blocked: false },
    ],
    [
      "a list",
      { signals: [{ detector: "url/blocklist", category: "malware", score: 1, isCertain: true, evidence: [] }] },
      { threat_score: 1, is_blocked: true },
    ],
  ])("by %s", async (_, found, answer) => {
    expect(await answerTo("/threat-url", { url }, finding(found))).toEqual(answer);
  });

  test("what the user exempted is not blocked here", async () => {
    const listed = { signals: [{ ...by("url/blocklist", "malware", 1), isCertain: true }] };
    const trusting = finding(listed, { trustedAddresses: ["a.example"] });
    expect(await answerTo("/threat-url", { url }, trusting)).toMatchObject({ is_blocked: false });
  });
});

test.each([
  ["/nsfw-check", { image_base64 }],
  ["/classify-text", { text: "a" }],
  ["/threat-url", { url: "https://a.example" }],
])("%s: what failed is an error, never an all-clear", async (path, body) => {
  const failed = finding({ signals: [], failure: { code: "model", message: "The network is gone." } });
  await expect(answerTo(path, body, failed)).rejects.toMatchObject({ code: "model", message: "The network is gone." });
});

test("what is no question reaches no judge", async () => {
  heard.length = 0;
  await expect(answerTo("/classify-text", { text: "" }, finding({ signals: [] }))).rejects.toMatchObject({
    code: "validation",
  });
  expect(heard).toEqual([]);
});

import { beforeEach, describe, expect, test } from "vitest";
import type { EncoderHead, TextEncoderRow } from "../../../src/core/catalog.ts";
import { decide } from "../../../src/core/decide.ts";
import { WardlightError } from "../../../src/core/errors.ts";
import { DEFAULT_SETTINGS, policyOf } from "../../../src/core/policy.ts";
import type { HeadsFamily } from "../../../src/core/text/heads.ts";
import { categoriesOfTexts, judgeTexts, readDeeply, type TextParts } from "../../../src/core/text/pipeline.ts";
import type { Finding, Signal, TextSubject } from "../../../src/core/types.ts";
import { textSubject } from "../../fixtures/tiny-encoder.ts";

const { signal } = new AbortController();
const wishes = { isWanted: () => true };

const injection: EncoderHead = {
  task: "injection",
  category: "injection",
  classes: [],
  status: "active",
  calibration: { a: 1, b: 0 },
  weight: 0.75,
  threshold: 0.75,
  askFrom: 0.1,
};
const topic: EncoderHead = { ...injection, task: "topic", classes: ["law", "math"], weight: 0.5 };
const row = (change: Partial<TextEncoderRow> = {}): TextEncoderRow => ({
  id: "fake",
  version: "1.0.0",
  kind: "text-encoder",
  status: "active",
  files: [],
  width: 1,
  heads: [injection, (({ category, ...rest }) => rest)(topic)],
  entities: { status: "active", threshold: 0.5 },
  ...change,
});

/** The linear head gives what the text says after "linear", the expression half after "rule", the encoder after "deep". */
const given = ({ text }: TextSubject, name: string) => Number(new RegExp(`${name} ([.\\d]+)`).exec(text)?.[1] ?? 0);
let asked: string[];
let opened: number;
let share: number;
beforeEach(() => {
  [asked, opened, share] = [[], 0, 0.75];
});

function voice(detector: string, name: string, model?: string): TextParts["patterns"] {
  return {
    id: detector,
    kind: "text",
    categories: ["injection"],
    detect: async (subjects) =>
      subjects.map((subject): Signal[] => {
        const score = given(subject, name);
        if (score === 0 && model === undefined) return [];
        return [{ category: "injection", score, detector, evidence: [], ...(model ? { model } : {}) }];
      }),
  };
}

const heads: HeadsFamily = {
  detector: {
    ...voice("text/heads", "deep", "fake@1.0.0"),
    detect: async (subjects) => {
      asked.push(...subjects.map(({ text }) => text));
      return subjects.map((subject) => [
        {
          category: "injection",
          score: given(subject, "deep"),
          weight: share,
          detector: "text/heads",
          model: "fake@1.0.0",
          evidence: [],
        },
      ]);
    },
  },
  labeller: { id: "text/heads", label: async (subjects) => subjects.map(() => ({ topic: { law: 0.5, math: 0.5 } })) },
  entities: async () => [{ start: 0, end: 1, type: "AGE", score: 1 }],
  measures: async () => ({ "heads/injection": 0.5 }),
  vector: async () => Float32Array.of(1),
};

const parts = (change: Partial<TextParts> = {}, changedRow?: Partial<TextEncoderRow>): TextParts => ({
  patterns: voice("text/patterns", "rule"),
  finders: [],
  linear: {
    detector: voice("text/linear", "linear", "linear@1.0.0"),
    labeller: {
      id: "text/linear",
      label: async (subjects) => subjects.map(() => ({ topic: { law: 0.8, math: 0.2 } })),
    },
  },
  language: { id: "text/language", label: async (subjects) => subjects.map(() => ({ language: "en" })) },
  encoder: {
    row: row(changedRow),
    open: async () => {
      opened++;
      return heads;
    },
  },
  ...change,
});

const judge = async (text: string, from = parts(), context: "page" | "prompt" = "page", isFull = false) => {
  const [finding] = await judgeTexts(from, [textSubject(text, context)], { ...wishes, isFull }, signal);
  return finding as Finding;
};
const scoreOf = (finding: Finding) =>
  decide({ kind: "text", context: "page" }, finding, policyOf(DEFAULT_SETTINGS), { site: "", at: 0 }).verdict;

describe("the cascade", () => {
  test.each([
    ["linear .05", false],
    ["linear .1", true],
    ["linear .9", true],
    ["rule .4 linear .01", false],
    ["rule .5 linear .01", true],
  ])("%s: the encoder is asked %s", async (text, isAsked) => {
    const { signals } = await judge(text);
    expect(asked).toEqual(isAsked ? [text] : []);
    expect(opened > 0).toBe(isAsked);
    expect(signals.some(({ detector }) => detector === "text/heads")).toBe(isAsked);
  });

  test("a language may have a limit of its own, and is told only where that matters", async () => {
    const told: string[] = [];
    const language: TextParts["language"] = {
      id: "text/language",
      label: async (subjects) => {
        told.push(...subjects.map(({ text }) => text));
        return subjects.map(({ text }) => (text.includes("deutsch") ? { language: "de" } : {}));
      },
    };
    const from = parts({ language }, { heads: [{ ...injection, askFromIn: { de: 0.04 } }] });
    const texts = ["linear 0.2", "linear 0.05 deutsch", "linear 0.05", "linear 0.03 deutsch"];
    const unwanted = { isWanted: () => false };
    await judgeTexts(
      from,
      texts.map((text) => textSubject(text)),
      unwanted,
      signal,
    );
    expect(asked).toEqual(["linear 0.2", "linear 0.05 deutsch"]);
    expect(told).toEqual(["linear 0.05 deutsch", "linear 0.05"]);
  });

  test("what may be sent away is read for personal data, and everything where everything is asked", async () => {
    await judge("linear 0", parts(), "prompt");
    await judge("linear 0", parts(), "page", true);
    expect(asked).toHaveLength(2);
    await judge("linear 0", parts({}, { entities: { status: "shadow", threshold: 0.5 } }), "prompt");
    expect(asked).toHaveLength(2);
  });

  test.each([{ weight: 0 }, { status: "shadow" } as const])("a head with %j opens nothing", async (change) => {
    await judge("linear .9", parts({}, { heads: [{ ...injection, ...change }] }));
    expect(asked).toEqual([]);
  });

  test("of many texts only the open ones are asked, and each keeps its own answer", async () => {
    const texts = ["linear .05 deep .9", "linear .6 deep .8", "linear .01", "linear .3 deep .2"];
    const findings = await judgeTexts(
      parts(),
      texts.map((text) => textSubject(text)),
      wishes,
      signal,
    );
    expect(asked).toEqual([texts[1], texts[3]]);
    expect(findings.map(({ signals }) => signals.find(({ detector }) => detector === "text/heads")?.score)).toEqual([
      undefined,
      0.8,
      undefined,
      0.2,
    ]);
  });
});

describe("two opinions", () => {
  const logit = (p: number) => Math.log(p / (1 - p));

  test("the verdict is their weighted mean in log-odds, and both are voters", async () => {
    const finding = await judge("linear .6 deep .9");
    const mean = 0.75 * logit(0.9) + 0.25 * logit(0.6);
    expect(scoreOf(finding)).toMatchObject({ category: "injection", consensus: 1 });
    expect(scoreOf(finding).score).toBeCloseTo(1 / (1 + Math.exp(-mean)), 9);
  });

  test("who was not asked takes nothing away from the other", async () => {
    expect(scoreOf(await judge("linear .05")).score).toBeCloseTo(0.05, 9);
    expect(scoreOf(await judge("linear .6", parts({ encoder: undefined }))).score).toBeCloseTo(0.6, 9);
  });

  test("with the whole share the encoder stands alone, and the linear opinion stays to be seen", async () => {
    share = 1;
    const finding = await judge("linear .9 deep .2");
    expect(finding.signals.map(({ detector }) => detector)).toEqual(["text/linear", "text/heads"]);
    expect(scoreOf(finding).score).toBeCloseTo(0.2, 9);
  });

  test("descriptions are mixed where the encoder was asked, and only there", async () => {
    expect((await judge("linear .9")).labels?.topic?.law).toBeCloseTo(2 / 3, 9);
    expect((await judge("linear 0")).labels).toEqual({ topic: { law: 0.8, math: 0.2 }, language: "en" });
  });
});

describe("failures", () => {
  const broken = (open: () => Promise<HeadsFamily>) => parts({ encoder: { row: row(), open } });
  const refuse = async () => {
    throw new WardlightError("security", "altered", { model: "fake@1.0.0" });
  };

  test("an encoder that cannot be opened costs its own opinion, and the finding says why", async () => {
    const finding = await judge("linear .9", broken(refuse));
    expect(finding.failure).toEqual({ code: "security", message: "altered", model: "fake@1.0.0" });
    expect(finding.labels?.topic).toEqual({ law: 0.8, math: 0.2 });
    expect(scoreOf(finding).score).toBeCloseTo(0.9, 9);
  });

  test("where it is not asked nobody notices", async () => {
    expect((await judge("linear .01", broken(refuse))).failure).toBeUndefined();
  });

  test("an end from outside is no failure", async () => {
    const subjects = [textSubject("linear .9")];
    await expect(judgeTexts(parts(), subjects, wishes, AbortSignal.abort())).rejects.toThrow("abort");
  });
});

test("without an encoder everything is as it was", async () => {
  const alone = parts({ encoder: undefined });
  expect(await judge("linear .9 rule .8", alone)).toEqual({
    signals: [
      { category: "injection", score: 0.8, detector: "text/patterns", evidence: [] },
      { category: "injection", score: 0.9, detector: "text/linear", model: "linear@1.0.0", evidence: [] },
    ],
    labels: { topic: { law: 0.8, math: 0.2 }, language: "en" },
  });
  expect(categoriesOfTexts(alone)).toEqual(["injection"]);
  expect(await readDeeply(alone, textSubject("x"), signal)).toEqual({ entities: [], measures: {} });
});

test("with one, personal data is among what can be told", async () => {
  expect(categoriesOfTexts(parts())).toEqual(["injection", "pii"]);
  expect((await readDeeply(parts(), textSubject("x"), signal)).entities).toHaveLength(1);
});

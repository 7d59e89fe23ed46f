import { describe, expect, test } from "vitest";
import { cascaded, detectAll, labelled, within } from "../../src/core/detector.ts";
import { WardlightError } from "../../src/core/errors.ts";
import type { Detector, Finding, Labeller, Signal, TextSubject } from "../../src/core/types.ts";

const subjects: TextSubject[] = ["a", "b"].map((text) => ({ kind: "text", id: text, context: "page", text }));
const never = new AbortController().signal;

function saying(id: string, ...scores: number[]): Detector<TextSubject> {
  return {
    id,
    kind: "text",
    categories: ["injection"],
    detect: async () => scores.map((score) => [{ category: "injection", score, detector: id, evidence: [] }]),
  };
}
const failing: Detector<TextSubject> = {
  ...saying("broken"),
  detect() {
    throw new WardlightError("security", "altered");
  },
};

test("each subject gets what every detector said of it", async () => {
  const findings = await detectAll([saying("one", 0.1, 0.2), saying("two", 0.3, 0.4)], subjects, never);
  expect(findings.map(({ signals }) => signals.map(({ detector, score }) => [detector, score]))).toEqual([
    [
      ["one", 0.1],
      ["two", 0.3],
    ],
    [
      ["one", 0.2],
      ["two", 0.4],
    ],
  ]);
});

test("a detector that fails costs its own signals alone, and its cause is kept", async () => {
  const [first] = await detectAll([failing, saying("one", 0.1, 0.2)], subjects, never);
  expect(first).toMatchObject({ signals: [{ detector: "one" }], failure: { code: "security", message: "altered" } });
});

test("what was cancelled is not answered", async () => {
  await expect(detectAll([saying("one", 0.1, 0.2)], subjects, AbortSignal.abort())).rejects.toThrow();
});

test("a detector for some contexts is asked there alone, and the answers stay in order", async () => {
  const asked: string[] = [];
  const detector: Detector<TextSubject> = {
    ...saying("one"),
    async detect(given) {
      asked.push(...given.map(({ id }) => id));
      return given.map(({ id }) => [{ category: "pii", score: 0.9, detector: id, evidence: [] }]);
    },
  };
  const contexts = ["page", "prompt", "comment", "paste"] as const;
  const mixed = contexts.map((context): TextSubject => ({ kind: "text", id: context, context, text: "" }));
  const found = await within(["prompt", "paste"], detector).detect(mixed, never);
  expect(asked).toEqual(["prompt", "paste"]);
  expect(found.map((signals) => signals.map((one) => one.detector))).toEqual([[], ["prompt"], [], ["paste"]]);
});

describe("a cascade", () => {
  const isHarmless = (signals: readonly Signal[]) => signals.every(({ score }) => score < 0.15);

  test("asks the costly detector only about what the cheap one leaves open", async () => {
    const asked: string[] = [];
    const costly: Detector<TextSubject> = {
      ...saying("costly", 0.9),
      async detect(open) {
        asked.push(...open.map(({ id }) => id));
        return open.map(() => [{ category: "injection", score: 0.9, detector: "costly", evidence: [] }]);
      },
    };
    const answers = await cascaded(saying("cheap", 0.1, 0.2), costly, isHarmless).detect(subjects, never);
    expect(asked).toEqual(["b"]);
    expect(answers.map((signals) => signals.map(({ detector }) => detector))).toEqual([["cheap"], ["cheap", "costly"]]);
  });

  test("does not wake the costly detector when nothing is open, and fails as a whole when it must be asked", async () => {
    expect(await cascaded(saying("cheap", 0.1, 0.1), failing, isHarmless).detect(subjects, never)).toHaveLength(2);
    await expect(cascaded(saying("cheap", 0.1, 0.9), failing, isHarmless).detect(subjects, never)).rejects.toThrow(
      "altered",
    );
  });
});

describe("labels", () => {
  const findings: Finding[] = [0.9, 0.1].map((score) => ({
    signals: [{ category: "injection", score, detector: "one", evidence: [] }],
  }));
  const asked: string[] = [];
  const language: Labeller<TextSubject> = {
    id: "language",
    label: async (wanted) => {
      asked.push(...wanted.map(({ id }) => id));
      return wanted.map(() => ({ language: "en" }));
    },
  };
  const topic: Labeller<TextSubject> = { id: "topic", label: async (some) => some.map(() => ({ topic: { law: 1 } })) };
  const broken: Labeller<TextSubject> = { id: "broken", label: () => Promise.reject(new Error("gone")) };

  test("are added to the findings that want them, from every labeller that works", async () => {
    const isNews = ({ signals }: Finding) => signals.some(({ score }) => score >= 0.5);
    const found = await labelled([language, broken, topic], subjects, findings, isNews, never);
    expect(asked).toEqual(["a"]);
    expect(found).toEqual([{ ...findings[0], labels: { language: "en", topic: { law: 1 } } }, findings[1]]);
  });

  test("are not given to who has gone", async () => {
    const gone = AbortSignal.abort();
    await expect(labelled([language], subjects, findings, () => true, gone)).rejects.toThrow("abort");
  });
});

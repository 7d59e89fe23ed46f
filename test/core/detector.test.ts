import { expect, test } from "vitest";
import { detectAll } from "../../src/core/detector.ts";
import { WardlightError } from "../../src/core/errors.ts";
import type { Detector, TextSubject } from "../../src/core/types.ts";

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

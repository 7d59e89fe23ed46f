import { describe, expect, test } from "vitest";
import { pictureCascade, pipelineOf } from "../../../src/core/image/ensemble.ts";
import type { Detector, ImageSubject } from "../../../src/core/types.ts";

const { signal } = new AbortController();
const picture: ImageSubject = {
  kind: "image",
  id: "1",
  context: "page",
  pixels: { width: 1, height: 1, data: new Uint8ClampedArray(4) },
};

/** Networks that give these scores, and which of them were asked. */
async function asked(scores: readonly number[], { sexy = 0, hints = 0 } = {}) {
  const names: string[] = [];
  const network = (score: number, i: number, isHint = false): Detector<ImageSubject> => ({
    id: `${isHint ? "hint" : "network"}/${i}`,
    kind: "image",
    categories: ["sexual"],
    async detect(subjects) {
      names.push(`${isHint ? "hint" : i}`);
      const evidence = [{ kind: "class", name: "Sexy", score: sexy } as const];
      const common = { category: "sexual", score, detector: `network/${i}`, evidence } as const;
      return subjects.map(() => [isHint ? { ...common, isHint } : { ...common, model: `${i}@1` }]);
    },
  });
  const detectors = pictureCascade(
    scores.map((score, i) => network(score, i)),
    Array.from({ length: hints }, (_, i) => network(0.8, i, true)),
  );
  const found = await Promise.all(detectors.map((detector) => detector.detect([picture], signal)));
  return { names, signals: found.flat(2).length };
}

describe("the cascade", () => {
  test.each([
    ["a certain one lets the picture through alone", [0.05, 0.9, 0.9], ["0"]],
    ["the second is asked in between, and an agreement ends it", [0.3, 0.2, 0.9], ["0", "1"]],
    ["two that agree against it need no third", [0.9, 0.8, 0.1], ["0", "1"]],
    ["the third is asked where they disagree", [0.9, 0.2, 0.9], ["0", "1", "2"]],
    ["one network stands alone", [0.9], ["0"]],
  ])("%s", async (_, scores, names) => {
    expect((await asked(scores)).names).toEqual(names);
  });

  test("a suggestive picture is never let through on one word", async () => {
    expect((await asked([0.05, 0.2], { sexy: 0.8 })).names).toEqual(["0", "1"]);
  });

  test("hints come with the second network and settle no disagreement", async () => {
    expect(await asked([0.05, 0.2], { hints: 1 })).toEqual({ names: ["0"], signals: 1 });
    expect((await asked([0.3, 0.2, 0.9], { hints: 1 })).names).toEqual(["0", "1", "hint"]);
  });
});

test("another version of a model is another pipeline", () => {
  const row = { id: "a", version: "1.0.0" } as Parameters<typeof pipelineOf>[0][number];
  expect(pipelineOf([row])).not.toBe(pipelineOf([{ ...row, version: "1.0.1" }]));
});

import { describe, expect, test } from "vitest";
import { decide } from "../../../src/core/decide.ts";
import { optional } from "../../../src/core/detector.ts";
import { pictureCascade, pipelineOf } from "../../../src/core/image/ensemble.ts";
import { withPacks } from "../../../src/core/pack-pins.ts";
import { DEFAULT_SETTINGS, policyOf } from "../../../src/core/policy.ts";
import type { Detector, ImageSubject, PackPin } from "../../../src/core/types.ts";

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

/** What networks that always give these scores say, the third being a pack. */
async function said(scores: readonly number[]) {
  const networks = scores.map((score, i): Detector<ImageSubject> => {
    const id = i < 2 ? `image/n${i}` : "image/pack/third";
    return {
      id,
      kind: "image",
      categories: ["sexual"],
      async detect() {
        return [[{ category: "sexual", score, detector: id, model: `n${i}@1`, evidence: [] }]];
      },
    };
  });
  const [cascade] = pictureCascade(networks);
  const [signals = []] = (await cascade?.detect([picture], signal)) ?? [];
  return signals;
}

describe("a third network's word", () => {
  const pin = { kind: "image", id: "third", weight: 1 } as PackPin;
  const judge = async (scores: readonly number[], weight = 1) => {
    const policy = withPacks(policyOf(DEFAULT_SETTINGS), [{ ...pin, weight }]);
    const signals = await said(scores);
    return decide(picture, { signals }, policy, { site: "", at: 0 }).action.kind;
  };

  test.each([
    ["settles it one way", [0.9, 0.3, 0.95], 1, "blur"],
    ["settles it the other way", [0.9, 0.3, 0.2], 1, "allow"],
    ["does not block alone", [0.05, 0.05, 0.99], 1, "allow"],
    ["counts in full", [0.7, 0.3, 0.99], 1, "blur"],
    ["counts by its weight", [0.7, 0.3, 0.99], 0.1, "allow"],
  ])("%s", async (_, scores, weight, action) => {
    expect(await judge(scores, weight)).toBe(action);
  });
});

test("one that fails costs its own opinion alone, and is told of; an abort is no failure", async () => {
  const told: unknown[] = [];
  const failing: Detector<ImageSubject> = {
    id: "image/pack/broken",
    kind: "image",
    categories: ["sexual"],
    detect: () => Promise.reject(new Error("altered")),
  };
  const detector = optional(failing, (error) => told.push(error));
  expect(await detector.detect([picture, picture], signal)).toEqual([[], []]);
  expect(told).toEqual([new Error("altered")]);
  await expect(detector.detect([picture], AbortSignal.abort())).rejects.toThrow("abort");
  expect(told).toHaveLength(1);
});

import { describe, expect, test } from "vitest";
import { decide } from "../../../src/core/decide.ts";
import { optional } from "../../../src/core/detector.ts";
import { pictureCascade } from "../../../src/core/image/ensemble.ts";
import { withPacks } from "../../../src/core/pack-pins.ts";
import { DEFAULT_SETTINGS, policyOf } from "../../../src/core/policy.ts";
import type { Detector, ImageSubject, PackPin } from "../../../src/core/types.ts";

const { signal } = new AbortController();
const subject: ImageSubject = {
  kind: "image",
  id: "1",
  context: "page",
  pixels: { width: 1, height: 1, data: new Uint8ClampedArray(4) },
};

/** Networks that always give these scores, and which of them were asked. */
async function ask(scores: readonly number[]) {
  const asked: number[] = [];
  const networks = scores.map((score, i): Detector<ImageSubject> => {
    const id = i < 2 ? `image/n${i}` : "image/pack/third";
    return {
      id,
      kind: "image",
      categories: ["sexual"],
      async detect() {
        asked.push(i);
        return [[{ category: "sexual", score, detector: id, model: `n${i}@1`, evidence: [] }]];
      },
    };
  });
  const [cascade] = pictureCascade(networks);
  const [signals = []] = (await cascade?.detect([subject], signal)) ?? [];
  return { asked, signals };
}

test.each([
  [[0.05, 0.99, 0.99], [0]],
  [
    [0.2, 0.3, 0.99],
    [0, 1],
  ],
  [
    [0.8, 0.9, 0.1],
    [0, 1],
  ],
  [
    [0.8, 0.2, 0.7],
    [0, 1, 2],
  ],
  [
    [0.3, 0.6, 0.1],
    [0, 1, 2],
  ],
])("of networks that give %j those numbered %j are asked", async (scores, expected) => {
  expect((await ask(scores)).asked).toEqual(expected);
});

describe("a third network's word", () => {
  const pin = { id: "third", weight: 1 } as PackPin;
  const judge = async (scores: readonly number[], weight = 1) => {
    const policy = withPacks(policyOf(DEFAULT_SETTINGS), [{ ...pin, weight }]);
    const { signals } = await ask(scores);
    return decide(subject, { signals }, policy, { site: "", at: 0 }).action.kind;
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
  expect(await detector.detect([subject, subject], signal)).toEqual([[], []]);
  expect(told).toEqual([new Error("altered")]);
  await expect(detector.detect([subject], AbortSignal.abort())).rejects.toThrow("abort");
  expect(told).toHaveLength(1);
});

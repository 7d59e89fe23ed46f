import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { MAX_FRAMES, movingType, sampledFrames, worstOf } from "../../../src/core/image/frames.ts";
import type { Finding } from "../../../src/core/types.ts";

test("the first and the last frame are always looked at, and never more than the limit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (count) => {
      const frames = sampledFrames(count);
      expect([frames[0], frames.at(-1)]).toEqual([0, count - 1]);
      expect(frames.length).toBe(Math.min(MAX_FRAMES, count));
      expect([...new Set(frames)].toSorted((a, b) => a - b)).toEqual(frames);
    }),
  );
});

const finding = (...scores: number[]): Finding => ({
  signals: scores.map((score, i) => ({ category: "sexual", score, detector: `${i}`, model: "m@1", evidence: [] })),
});

test("the worst frame speaks for all, and a failed one fails all", () => {
  const bad = finding(0.9, 0.8);
  expect(worstOf([finding(0.01), bad, finding(0.5, 0.2)])).toBe(bad);
  const failed: Finding = { signals: [], failure: { code: "model", message: "gone" } };
  expect(worstOf([bad, failed])).toBe(failed);
});

const frames = sharp(Buffer.alloc(8 * 24 * 3, 90).fill(200, 200), {
  raw: { width: 8, height: 24, channels: 3, pageHeight: 8 },
});
const still = sharp({ create: { width: 8, height: 8, channels: 3, background: "#369" } });

test.each([
  ["an animated GIF", () => frames.clone().gif(), "image/gif"],
  ["an animated WebP", () => frames.clone().webp(), "image/webp"],
  ["a still WebP", () => still.clone().webp(), undefined],
  ["a still WebP with a profile", () => still.clone().withIccProfile("p3").webp(), undefined],
  ["a still PNG", () => still.clone().png(), undefined],
  ["a JPEG", () => still.clone().jpeg(), undefined],
] as const)("%s may move: %s", async (_, make, type) => {
  expect(movingType(new Uint8Array(await make().toBuffer()))).toBe(type);
});

test("a PNG with an animation chunk before its data moves; cut-off files do not", () => {
  const chunk = (kind: string, length: number) => [
    0,
    0,
    0,
    length,
    ...Buffer.from(kind),
    ...new Array(length + 4).fill(0),
  ];
  const png = (...chunks: number[][]) =>
    Uint8Array.from([...Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks.flat()]);
  expect(movingType(png(chunk("IHDR", 13), chunk("acTL", 8), chunk("IDAT", 4)))).toBe("image/png");
  expect(movingType(png(chunk("IHDR", 13), chunk("IDAT", 4), chunk("acTL", 8)))).toBeUndefined();
  expect(movingType(png(chunk("IHDR", 13)).subarray(0, 20))).toBeUndefined();
  expect(movingType(new Uint8Array())).toBeUndefined();
});

import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { Gallery, isSamePicture, likenessOf, recognising } from "../../../src/core/image/likeness.ts";
import { hamming, perceptualHash } from "../../../src/core/image/phash.ts";
import { thumbnailOf } from "../../../src/core/image/thumbnail.ts";
import type { Detector, ImageSubject, Pixels } from "../../../src/core/types.ts";
import { draw } from "../../fixtures/pictures.ts";

const like = (pixels: Pixels) => likenessOf(thumbnailOf(pixels));
const raw = ({ width, height, data }: Pixels) => sharp(data, { raw: { width, height, channels: 4 } });
async function decoded(picture: Sharp): Promise<Pixels> {
  const { data, info } = await sharp(await picture.toBuffer())
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
}
const picture = draw(320, 240, 1);

describe("the perceptual hash", () => {
  test("is at no distance from itself, at the same in both directions, and at most 64", () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.tuple(word, word), fc.tuple(word, word), (a, b) => {
        expect(hamming(a, a)).toBe(0);
        expect(hamming(a, b)).toBe(hamming(b, a));
        const ones = (value: number) => value.toString(2).replaceAll("0", "").length;
        expect(hamming(a, b)).toBe(ones((a[0] ^ b[0]) >>> 0) + ones((a[1] ^ b[1]) >>> 0));
      }),
    );
  });

  test("does not move with brightness, and turns half its bits for the mirror image", async () => {
    const hash = (pixels: Pixels) => perceptualHash(thumbnailOf(pixels));
    const brighter = await decoded(raw(picture).linear(0.8, 20).png());
    expect(hamming(hash(picture), hash(brighter))).toBeLessThanOrEqual(2);
    const [a, b] = [draw(320, 240, 4), draw(320, 240, 9)];
    expect(hamming(hash(a), hash(b))).toBeGreaterThan(6);
  });
});

describe("one picture in another file", () => {
  test.each([
    ["JPEG of quality 50", (image: Sharp) => image.jpeg({ quality: 50 })],
    ["WebP", (image: Sharp) => image.webp({ quality: 60 })],
    ["three quarters of its size", (image: Sharp) => image.resize(240, 180).png()],
  ])("is the same as %s", async (_, make) => {
    expect(isSamePicture(like(picture), like(await decoded(make(raw(picture)))))).toBe(true);
  });

  test("is another with a patch of another colour, though the hash hardly moves", async () => {
    const patch = { input: { create: { width: 30, height: 24, channels: 3 as const, background: "#e0a080" } } };
    const patched = await decoded(
      raw(picture)
        .composite([{ ...patch, left: 10, top: 200 }])
        .png(),
    );
    expect(isSamePicture(like(picture), like(patched))).toBe(false);
  });

  test("is another with fine detail that leaves every mean as it was", () => {
    const flat = { width: 256, height: 256, data: new Uint8ClampedArray(4 * 256 * 256).fill(128) };
    for (let i = 3; i < flat.data.length; i += 4) flat.data[i] = 255;
    const data = flat.data.map((value, i) => (i % 4 === 3 ? value : (i >> 2) % 2 === 0 ? 28 : 228));
    expect(isSamePicture(like(flat), like({ ...flat, data }))).toBe(false);
  });

  test("is another in another shape", () => {
    expect(isSamePicture(like(draw(300, 240, 2)), like(draw(300, 200, 2)))).toBe(false);
  });
});

describe("recognising", () => {
  const { signal } = new AbortController();
  const subject = (pixels: Pixels): ImageSubject => ({ kind: "image", id: "1", context: "page", pixels });
  function counting(score: number) {
    let asked = 0;
    const detector: Detector<ImageSubject> = {
      id: "image/fake",
      kind: "image",
      categories: ["sexual"],
      async detect(subjects) {
        asked += subjects.length;
        return subjects.map(() => [{ category: "sexual", score, detector: "image/fake", model: "f@1", evidence: [] }]);
      },
    };
    return { detector, asked: () => asked };
  }

  test.each([
    [0.01, 1],
    [0.99, 1],
    [0.2, 2],
  ])("a score of %f is asked about %i times for two files: only clear opinions carry over", async (score, times) => {
    const { detector, asked } = counting(score);
    const known: ImageSubject[] = [];
    const wrapped = recognising(detector, new Gallery(4), "room", (subject) => known.push(subject));
    const again = subject(await decoded(raw(picture).jpeg({ quality: 80 })));
    const found = await wrapped.detect([subject(picture), again], signal);
    expect(found.map(([first]) => first?.score)).toEqual([score, score]);
    expect([asked(), known.length]).toEqual([times, 2 - times]);
  });

  test("nothing is known in another room, nor when the gallery has been filled with others since", async () => {
    const { detector, asked } = counting(0.01);
    const gallery = new Gallery(2);
    const ask = (room: string, pixels: Pixels) =>
      recognising(detector, gallery, room, () => {}).detect([subject(pixels)], signal);
    await ask("a", picture);
    await ask("b", picture);
    expect(asked()).toBe(2);
    await ask("a", draw(320, 240, 8));
    await ask("a", picture);
    expect(asked()).toBe(4);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { doubting, ROUGH_FROM, roughness, softened } from "../../../src/core/image/adversarial.ts";
import { heuristicDetector, skinDetector } from "../../../src/core/image/appearance.ts";
import { featuresOf } from "../../../src/core/image/features.ts";
import { isSkin } from "../../../src/core/image/skin.ts";
import { readThumbnail, thumbnailOf } from "../../../src/core/image/thumbnail.ts";
import type { Detector, ImageSubject, Pixels } from "../../../src/core/types.ts";
import { draw } from "../../fixtures/pictures.ts";

const { signal } = new AbortController();
function paint(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number],
): Pixels {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) data.set(colour(i % width, Math.floor(i / width)), 4 * i);
  return { width, height, data };
}
const subject = (pixels: Pixels): ImageSubject => ({ kind: "image", id: "1", context: "page", pixels });
const features = (pixels: Pixels) => featuresOf(thumbnailOf(pixels));
const SKIN = [224, 172, 140] as const;

describe("the thumbnail", () => {
  test("each pixel counts, transparency is white, and a picture smaller than its grid is enlarged", () => {
    const half = paint(100, 50, (x) => (x < 50 ? [0, 0, 0] : [255, 255, 255]));
    const { luma, aspect } = thumbnailOf(half, 2);
    expect([...luma].map(Math.round)).toEqual([0, 255, 0, 255]);
    expect(aspect).toBe(2);
    expect(thumbnailOf({ width: 1, height: 1, data: new Uint8ClampedArray(4) }, 4).luma.every((v) => v === 255)).toBe(
      true,
    );
  });

  test("what was read stays when the thumbnail's memory is given back", () => {
    const half = paint(64, 64, (x) => (x < 32 ? [0, 0, 0] : [255, 255, 255]));
    const [thumbnail, mean] = readThumbnail(half, (one) => [one, featuresOf(one).brightness] as const);
    expect(mean).toBeCloseTo(127.5, 3);
    expect([thumbnail.rgb, thumbnail.luma, thumbnail.detail].map(({ length }) => length)).toEqual([0, 0, 0]);
  });

  test("a picture without pixels is refused", () => {
    expect(() => thumbnailOf({ width: 2, height: 2, data: new Uint8ClampedArray(4) })).toThrow("no usable pixels");
  });
});

test.each([
  [[224, 172, 140], true],
  [[141, 85, 54], true],
  [[60, 120, 200], false],
  [[40, 160, 60], false],
  [[255, 255, 255], false],
  [[5, 4, 4], false],
])("%j in the skin box: %s", ([r, g, b], expected) => {
  expect(isSkin(r as number, g as number, b as number)).toBe(expected);
});

describe("the features", () => {
  test("are more than fifteen finite numbers for any picture", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }), fc.nat(40), (w, h, seed) => {
        const values = Object.values(features(draw(w, h, seed)));
        expect(values.length).toBeGreaterThanOrEqual(15);
        expect(values.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test("say what is plain to see", () => {
    const flat = features(paint(128, 128, () => [200, 30, 30]));
    expect([flat.contrast, flat.textureEnergy]).toEqual([expect.closeTo(0), expect.closeTo(1)]);
    expect(flat).toMatchObject({
      flatness: 1,
      edges: 0,
      palette: 1 / 4096,
      asymmetry: 0,
    });
    expect(flat.saturation).toBeCloseTo(0.85);
    const stripes = features(paint(128, 128, (x) => (x % 32 < 16 ? [0, 0, 0] : [255, 255, 255])));
    expect(stripes.edges).toBeGreaterThan(flat.edges);
    expect(stripes.colourfulness).toBeCloseTo(0);
    const noise = features(draw(256, 256, 4));
    expect(noise.lumaEntropy).toBeGreaterThan(stripes.lumaEntropy);
  });

  test("skin is measured as a share, as its largest patch and in the middle", () => {
    const spot = features(paint(128, 128, (x, y) => (x >= 32 && x < 96 && y >= 32 && y < 96 ? SKIN : [20, 60, 160])));
    expect([spot.skin, spot.skinPatch, spot.skinInCentre, spot.skinExtent]).toEqual([0.25, 0.25, 1, 1]);
  });
});

describe("hints", () => {
  test("skin tones move the vote a little, in both directions, and say what was measured", async () => {
    const [[much], [none]] = (await skinDetector().detect(
      [subject(paint(64, 64, () => SKIN)), subject(paint(64, 64, () => [20, 60, 160]))],
      signal,
    )) as [[never], [never]];
    expect(much).toMatchObject({ isHint: true, detector: "image/skin" });
    expect([(much as { score: number }).score, (none as { score: number }).score]).toEqual([
      expect.closeTo(0.818, 2),
      expect.closeTo(0.182, 2),
    ]);
    expect((much as { evidence: unknown[] }).evidence.length).toBeGreaterThanOrEqual(15);
  });

  test("the heuristic finds large patterned skin and leaves drawings, charts and landscapes alone", async () => {
    const wave = (x: number, y: number) => 12 * Math.sin(x / 9) + 9 * Math.cos(y / 7) + ((x * 31 + y * 17) % 13);
    const body = paint(256, 256, (x, y) => {
      const isBody = ((x - 128) / 90) ** 2 + ((y - 128) / 120) ** 2 < 1;
      const n = wave(x, y);
      return isBody ? [214 + n, 160 + n, 130 + n] : [60 + 2 * n, 80 + n, 120 + n];
    });
    const cartoon = paint(256, 256, (x, y) => ((x - 128) ** 2 + (y - 128) ** 2 < 100 ** 2 ? SKIN : [90, 180, 230]));
    const sea = paint(256, 256, (x, y) => [40 + wave(x, y), 110 + wave(y, x), 170 + wave(x, y)]);
    const scores = (await heuristicDetector().detect([body, cartoon, sea].map(subject), signal)).map(
      ([s]) => s?.score ?? 0,
    );
    expect(scores[0]).toBeGreaterThan(0.6);
    expect(Math.max(scores[1] ?? 1, scores[2] ?? 1)).toBeLessThan(0.5);
  });
});

describe("doubting", () => {
  const noisy = paint(224, 224, (x, y) => ((x + y) % 2 === 0 ? [0, 0, 0] : [255, 255, 255]));
  const calm = paint(224, 224, (x) => [x, x, x]);
  /** Calls a picture what it says of its sharpness. */
  const fake = (sharp: number, soft: number): Detector<ImageSubject> => ({
    id: "image/fake",
    kind: "image",
    categories: ["sexual"],
    detect: async (subjects) =>
      subjects.map(({ pixels }) => {
        const score = roughness(pixels) > ROUGH_FROM ? sharp : soft;
        return [{ category: "sexual", score, detector: "image/fake", model: "f@1", evidence: [] }];
      }),
  });
  const scoreOf = async (detector: Detector<ImageSubject>, pixels: Pixels) =>
    (await doubting(detector).detect([subject(pixels)], signal))[0]?.[0];

  test("noise is rough, a ramp is not, and softening takes it away", () => {
    expect(roughness(noisy)).toBeGreaterThan(ROUGH_FROM);
    expect(roughness(calm)).toBeLessThan(10);
    expect(roughness(softened(noisy))).toBeLessThan(10);
  });

  test("a rough picture that looks worse once softened is taken for that, and says so", async () => {
    const raised = await scoreOf(fake(0.02, 0.9), noisy);
    expect(raised).toMatchObject({ score: 0.9, evidence: [{ rule: "softened", value: "0.020 → 0.900" }] });
  });

  test("it only ever raises, and a calm picture is asked about once", async () => {
    expect(await scoreOf(fake(0.9, 0.02), noisy)).toMatchObject({ score: 0.9, evidence: [] });
    let asked = 0;
    const network = fake(0, 0);
    const detect: typeof network.detect = (...args) => {
      asked++;
      return network.detect(...args);
    };
    await scoreOf({ ...network, detect }, calm);
    expect(asked).toBe(1);
  });
});

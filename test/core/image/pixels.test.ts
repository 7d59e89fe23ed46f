import fc from "fast-check";
import { expect, test } from "vitest";
import type { ImageInput } from "../../../src/core/catalog.ts";
import { WardlightError } from "../../../src/core/errors.ts";
import { toTensor } from "../../../src/core/image/pixels.ts";
import type { Pixels } from "../../../src/core/types.ts";

const input: ImageInput = {
  name: "input",
  width: 8,
  height: 4,
  channels: "RGB",
  scale: 1 / 255,
  mean: [0, 0, 0],
  resize: "bilinear-align-corners",
  layout: "NCHW",
};
const channel = fc.integer({ min: 0, max: 255 });
const size = fc.record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) });

function filled(width: number, height: number, rgba: readonly number[]): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < data.length; i++) data[i] = rgba[i % 4] as number;
  return { width, height, data };
}

test("a flat picture stays flat, channel by channel", () => {
  fc.assert(
    fc.property(size, fc.tuple(channel, channel, channel), ({ width, height }, rgb) => {
      const tensor = toTensor(filled(width, height, [...rgb, 255]), input);
      for (const [c, value] of rgb.entries()) {
        for (const x of tensor.subarray(32 * c, 32 * (c + 1))) expect(x).toBeCloseTo(value / 255, 5);
      }
    }),
  );
});

test("values stay within those of the picture, and the corners are the picture's own", () => {
  fc.assert(
    fc.property(size, fc.infiniteStream(channel), ({ width, height }, stream) => {
      const pixels = filled(width, height, [0, 0, 0, 255]);
      for (let i = 0; i < pixels.data.length; i++) if (i % 4 < 3) pixels.data[i] = stream.next().value as number;
      const tensor = toTensor(pixels, input);
      expect(tensor.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(tensor[0]).toBeCloseTo((pixels.data[0] as number) / 255, 5);
      const last = 4 * (width * height - 1);
      if (width > 1 && height > 1) expect(tensor[31]).toBeCloseTo((pixels.data[last] as number) / 255, 4);
    }),
  );
});

test("the network's own size is the identity", () => {
  const pixels = filled(8, 4, [0, 0, 0, 255]);
  for (let i = 0; i < 32; i++) pixels.data[4 * i] = i;
  expect(Array.from(toTensor(pixels, input).subarray(0, 32), (value) => Math.round(value * 255))).toEqual([
    ...Array(32).keys(),
  ]);
});

test("transparency shows white, as on a page", () => {
  expect(toTensor(filled(3, 3, [10, 20, 30, 0]), input).every((value) => value === 1)).toBe(true);
  expect(toTensor(filled(3, 3, [0, 0, 0, 51]), input)[0]).toBeCloseTo(0.8, 5);
});

test("scale and mean are applied", () => {
  const shifted = { ...input, scale: 1, mean: [104, 117, 123] };
  const tensor = toTensor(filled(2, 2, [104, 117, 123, 255]), shifted);
  expect(tensor.every((value) => value === 0)).toBe(true);
});

test("BGR turns the planes round, and the mean goes with the plane", () => {
  const turned: ImageInput = { ...input, channels: "BGR", scale: 1, mean: [1, 2, 3] };
  const tensor = toTensor(filled(2, 2, [10, 20, 30, 255]), turned);
  expect([tensor[0], tensor[32], tensor[64]]).toEqual([29, 18, 7]);
});

test.each([
  { width: 0, height: 4, data: new Uint8ClampedArray(0) },
  { width: 4, height: 4, data: new Uint8ClampedArray(63) },
])("a picture without all its pixels is refused", (pixels) => {
  expect(() => toTensor(pixels, input)).toThrow(WardlightError);
});

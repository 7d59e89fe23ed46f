import { expect, test } from "vitest";
import { colourAt } from "../fixtures/coverage.ts";
import { coloursIn } from "./colours.ts";
import { rasterOf, XWD_HEADER_BYTES } from "./xwd.ts";

const [WIDTH, HEIGHT, PADDING] = [64, 48, 8];
const NAME = 12;
const COLOURS = 3;

/** A dump of a white screen with one flat square, as `Xvfb` writes them, or one of a machine of the other byte order. */
function dump({ isLeastFirst = true, colour = colourAt(27), side = 32, ...words }) {
  const stride = 4 * WIDTH + PADDING;
  const pixelsAt = XWD_HEADER_BYTES + NAME + 12 * COLOURS;
  const file = Buffer.alloc(pixelsAt + stride * HEIGHT, 0xff);
  const header: Record<number, number> = {
    ...{ 0: XWD_HEADER_BYTES + NAME, 1: 7, 2: 2, 3: 24, 4: WIDTH, 5: HEIGHT, 7: isLeastFirst ? 0 : 1, 11: 32 },
    ...{ 12: stride, 14: 0xff0000, 15: 0xff00, 16: 0xff, 19: COLOURS, ...words },
  };
  for (const [i, value] of Object.entries(header)) file.writeUInt32BE(value, 4 * Number(i));
  const pixel = Number.parseInt(colour, 16);
  for (let y = 8; y < 8 + side; y++)
    for (let x = 8; x < 8 + side; x++) {
      const at = pixelsAt + y * stride + 4 * x;
      if (isLeastFirst) file.writeUInt32LE(pixel, at);
      else file.writeUInt32BE(pixel, at);
    }
  return file;
}

test.each([true, false])("a dump says where its pixels are (least significant byte first: %s)", (isLeastFirst) => {
  const file = dump({ isLeastFirst });
  expect(rasterOf(file)).toEqual({
    width: WIDTH,
    height: HEIGHT,
    stride: 4 * WIDTH + PADDING,
    step: 4,
    offset: XWD_HEADER_BYTES + NAME + 12 * COLOURS,
    channels: isLeastFirst ? [2, 1, 0] : [1, 2, 3],
  });
  expect(coloursIn(file, rasterOf(file))).toEqual(new Set([colourAt(27)]));
});

test("a colour is seen where it fills a place, and only one of a way's", () => {
  const seen = (options: Parameters<typeof dump>[0]) => coloursIn(dump(options), rasterOf(dump(options))).size;
  expect([seen({ side: 30 }), seen({ side: 28 })]).toEqual([1, 0]);
  expect([seen({ colour: "6c6c6c" }), seen({ colour: "707070" }), seen({ colour: "ffffff" })]).toEqual([1, 0, 0]);
});

test.each([
  ["a short file", Buffer.alloc(50)],
  ["another version", dump({ 1: 6 })],
  ["bit planes", dump({ 2: 1 })],
  ["15 bits a pixel", dump({ 11: 15 })],
  ["channels of five bits", dump({ 14: 0x7c00 })],
])("refuses %s", (_, file) => expect(() => rasterOf(file)).toThrow(/XWD/));

import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { declaredSize, decodableSize } from "../../../src/core/image/size.ts";

const side = fc.integer({ min: 1, max: 300 });
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#336699" } });
const KINDS = {
  png: (w, h) => picture(w, h).png().toBuffer(),
  "png of 16 bits": (w, h) => picture(w, h).toColourspace("rgb16").png().toBuffer(),
  jpeg: (w, h) => picture(w, h).jpeg().toBuffer(),
  "progressive jpeg with metadata": (w, h) =>
    picture(w, h).withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer(),
  "cmyk jpeg": (w, h) => picture(w, h).toColourspace("cmyk").jpeg().toBuffer(),
  gif: (w, h) => picture(w, h).gif().toBuffer(),
  "lossy webp": (w, h) => picture(w, h).webp().toBuffer(),
  "lossless webp": (w, h) => picture(w, h).webp({ lossless: true }).toBuffer(),
  "webp with alpha": (w, h) => picture(w, h).ensureAlpha(0.5).webp().toBuffer(),
  avif: (w, h) => picture(w, h).avif({ effort: 0 }).toBuffer(),
} as const satisfies Record<string, (width: number, height: number) => Promise<Buffer>>;

test.each(Object.entries(KINDS))("the header of a %s tells its size", async (name, encode) => {
  const numRuns = name === "avif" ? 5 : 20;
  await fc.assert(
    fc.asyncProperty(side, side, async (width, height) => {
      expect(declaredSize(await encode(width, height))).toEqual({ width, height });
    }),
    { numRuns },
  );
});

/** A little-endian file from its parts: texts, bytes, and numbers of 16 or 32 bits. */
function bytes(...parts: (string | readonly number[] | { u16: number } | { u32: number })[]): Uint8Array {
  const spell = (part: (typeof parts)[number]) => {
    if (typeof part === "string") return [...part].map((char) => char.charCodeAt(0));
    if ("u16" in part) return [part.u16 & 255, part.u16 >> 8];
    if ("u32" in part) return [0, 8, 16, 24].map((shift) => (part.u32 >>> shift) & 255);
    return [...part];
  };
  return Uint8Array.from(parts.flatMap(spell));
}
const zeros = (count: number) => new Array<number>(count).fill(0);

describe("sizes that a header hides", () => {
  test("a bitmap whose rows run downwards, and an old one", () => {
    const modern = bytes("BM", zeros(12), { u32: 40 }, { u32: 70 }, { u32: -50 });
    const old = bytes("BM", zeros(12), { u32: 12 }, { u16: 70 }, { u16: 50 });
    expect([modern, old].map(declaredSize)).toEqual(Array(2).fill({ width: 70, height: 50 }));
  });

  test("an icon of 16 pixels that holds a picture of 20,000", () => {
    const entry = [...zeros(12)];
    const png = ["\x89PNG\r\n\x1a\n", zeros(8), [0, 0, 0x4e, 0x20], [0, 0, 0x4e, 0x20]] as const;
    const icon = bytes([0, 0, 1, 0, 1, 0], entry, { u32: 22 }, ...png);
    expect(declaredSize(icon)).toEqual({ width: 20_000, height: 20_000 });
  });

  test("a GIF of one pixel whose first frame is huge, behind an extension and a colour table", () => {
    const start = bytes("GIF89a", { u16: 1 }, { u16: 1 }, [0x80, 0, 0], zeros(6), [0x21, 0xf9, 4], zeros(4), [0]);
    const frame = bytes([0x2c], { u16: 5 }, { u16: 6 }, { u16: 65_000 }, { u16: 64_000 });
    expect(declaredSize(Uint8Array.from([...start, ...frame]))).toEqual({ width: 65_005, height: 64_006 });
  });
});

test("whatever the bytes, also behind a known beginning, it answers and never throws", () => {
  const magic = fc.constantFrom(
    "",
    "\x89PNG\r\n\x1a\n",
    "\xff\xd8\xff",
    "GIF89a",
    "RIFF....WEBPVP8X",
    "....ftyp",
    "BM",
    "\0\0\x01\0",
  );
  fc.assert(
    fc.property(magic, fc.uint8Array({ maxLength: 200 }), (start, rest) => {
      const size = declaredSize(bytes(start, [...rest]));
      if (size) expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("a file cut off in its header has no size; one cut off later has", async () => {
  const jpeg = await picture(64, 48).jpeg().toBuffer();
  expect(declaredSize(jpeg.subarray(0, 40))).toBeUndefined();
  expect(declaredSize(jpeg.subarray(0, jpeg.length - 20))).toEqual({ width: 64, height: 48 });
});

test("what is no picture and what is too large are refused, each for its own reason", async () => {
  expect(() => decodableSize(new Uint8Array())).toThrow(expect.objectContaining({ code: "validation" }));
  expect(() => decodableSize(bytes("<html>"))).toThrow(expect.objectContaining({ code: "validation" }));
  const bomb = bytes("\x89PNG\r\n\x1a\n", zeros(8), [0, 0, 0x4e, 0x20], [0, 0, 0x4e, 0x20]);
  expect(() => decodableSize(bomb)).toThrow(expect.objectContaining({ code: "resource" }));
  expect(() => decodableSize(new Uint8Array([...bomb.subarray(0, 20), 0, 0, 0, 200]))).not.toThrow();
});

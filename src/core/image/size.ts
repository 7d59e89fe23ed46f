import { WardlightError } from "../errors.ts";
import { MAX_PIXELS } from "./pixels.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

type Reader = (view: DataView) => Size | undefined;

/** No camera's picture is larger; one that may be decoded scaled down costs time in proportion all the same. */
const MAX_SCALED = 10 * MAX_PIXELS;

/**
 * Lets a picture's file pass when it says itself how large it is and that is not too large, so that a file of a few
 * kilobytes that unpacks to gigabytes is refused before anything unpacks it. A JPEG may be larger: its decoder can make it
 * smaller while it decodes (ITU-T T.81: its transform can be undone at an eighth to a half of its size).
 * @returns what the file says.
 * @throws WardlightError `validation` for what is no picture, `resource` for one that is too large to be judged.
 */
export function decodableSize(file: Uint8Array): Size {
  const size = declaredSize(file);
  if (!size)
    throw new WardlightError("validation", "The picture's file is damaged, or of a kind that cannot be judged.");
  const { width, height } = size;
  if (width * height > (isJpeg(file) ? MAX_SCALED : MAX_PIXELS)) {
    throw new WardlightError("resource", `The picture is too large to be judged (${width} × ${height} pixels).`);
  }
  return size;
}

function isJpeg(file: Uint8Array): boolean {
  return file[0] === 0xff && file[1] === 0xd8 && file[2] === 0xff;
}

/**
 * The size in the header of a PNG, JPEG, GIF, WebP, AVIF, BMP or ICO file; undefined for any other file, and where the
 * header is cut off. Never throws. Of several sizes in a file (an icon's, a grid's) it is the largest of each side.
 */
export function declaredSize(file: Uint8Array): Size | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  try {
    return READERS.find(([magic, at]) => textAt(view, at, magic.length) === magic)?.[2](view);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const READERS: readonly (readonly [magic: string, at: number, read: Reader])[] = [
  ["\x89PNG\r\n\x1a\n", 0, (view) => ({ width: view.getUint32(16), height: view.getUint32(20) })],
  ["\xff\xd8\xff", 0, jpegSize],
  ["GIF8", 0, gifSize],
  ["WEBP", 8, webpSize],
  ["ftyp", 4, avifSize],
  ["BM", 0, (view) => bitmapSize(view, 14)],
  ["\0\0\x01\0", 0, iconSize],
  ["\0\0\x02\0", 0, iconSize],
];

/** ITU-T T.81, annex B: segments up to the first frame header. */
function jpegSize(view: DataView): Size | undefined {
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    const isBare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    if (marker === 0xff) at += 1;
    else at += isBare ? 2 : 2 + view.getUint16(at + 2);
  }
}

/** GIF89a. Browsers enlarge the screen to the first frame, so a small screen proves nothing. */
function gifSize(view: DataView): Size | undefined {
  const screen = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  let at = 13 + colourTable(view.getUint8(10));
  while (view.getUint8(at) === 0x21) {
    at += 2;
    while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at += 1;
  }
  if (view.getUint8(at) !== 0x2c) return undefined;
  const [left, top, width, height] = [1, 3, 5, 7].map((offset) => view.getUint16(at + offset, true)) as Four;
  return largest([screen, { width: left + width, height: top + height }]);
}

type Four = [number, number, number, number];

function colourTable(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

/** RFC 9649. */
function webpSize(view: DataView): Size | undefined {
  const kind = textAt(view, 12, 4);
  if (kind === "VP8X") return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
  if (kind === "VP8 ") return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (kind !== "VP8L") return undefined;
  const bits = view.getUint32(21, true);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
}

/** ISO/IEC 23008-12: an `ispe` property for the whole picture and for each tile, in a box near the beginning. */
function avifSize(view: DataView): Size | undefined {
  const sizes: Size[] = [];
  for (let at = 8; at + 16 <= view.byteLength; at++) {
    if (view.getUint32(at) !== 0x69737065) continue;
    sizes.push({ width: view.getUint32(at + 8), height: view.getUint32(at + 12) });
  }
  return largest(sizes);
}

/** A Windows or OS/2 bitmap header; the height is negative where rows run downwards. */
function bitmapSize(view: DataView, at: number): Size {
  if (view.getUint32(at, true) === 12) {
    return { width: view.getUint16(at + 4, true), height: view.getUint16(at + 6, true) };
  }
  return { width: Math.abs(view.getInt32(at + 4, true)), height: Math.abs(view.getInt32(at + 8, true)) };
}

/** What the directory of an icon says is not relied on: each entry is a bitmap or a whole PNG with its own header. */
function iconSize(view: DataView): Size | undefined {
  const entries = Array.from({ length: view.getUint16(4, true) }, (_, i) => view.getUint32(6 + 16 * i + 12, true));
  return largest(
    entries.map((at) => {
      if (textAt(view, at, 4) !== "\x89PNG") return bitmapSize(view, at);
      return { width: view.getUint32(at + 16), height: view.getUint32(at + 20) };
    }),
  );
}

function largest(sizes: readonly Size[]): Size | undefined {
  if (sizes.length === 0) return undefined;
  return sizes.reduce((a, b) => ({ width: Math.max(a.width, b.width), height: Math.max(a.height, b.height) }));
}

function textAt(view: DataView, at: number, length: number): string {
  if (at + length > view.byteLength) return "";
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));
}

import type { Raster } from "./colours.ts";

/** The words of the header, of 32 bits each, most significant byte first (XWDFile.h of X.Org, version 7). */
const WORDS = {
  headerSize: 0,
  version: 1,
  format: 2,
  width: 4,
  height: 5,
  byteOrder: 7,
  bitsPerPixel: 11,
  stride: 12,
  redMask: 14,
  greenMask: 15,
  blueMask: 16,
  colours: 19,
} as const;
const VERSION = 7;
const Z_PIXMAP = 2;
const COLOUR_BYTES = 12;

/** So much of a file must be there to read its header. */
export const XWD_HEADER_BYTES = 100;

/**
 * How the pixels of an X window dump lie, such as the one that `Xvfb -fbdir` keeps of its screen.
 * @throws Error where it is none, or one whose channels are not whole bytes.
 */
export function rasterOf(file: Uint8Array): Raster {
  if (file.length < XWD_HEADER_BYTES) throw new Error(`An XWD file of ${file.length} bytes has no whole header.`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const word = (name: keyof typeof WORDS) => view.getUint32(4 * WORDS[name]);
  const bits = word("bitsPerPixel");
  if (word("version") !== VERSION || word("format") !== Z_PIXMAP || bits % 8 !== 0)
    throw new Error(
      `Not an XWD file of whole pixels: version ${word("version")}, format ${word("format")}, ${bits} bits a pixel.`,
    );
  const step = bits / 8;
  const isLeastFirst = word("byteOrder") === 0;
  const place = (name: keyof typeof WORDS) => {
    const mask = word(name);
    const byte = [0, 1, 2, 3].find((i) => mask === (0xff << (8 * i)) >>> 0);
    if (byte === undefined || byte >= step) throw new Error(`An XWD file with the ${name} ${mask.toString(16)}.`);
    return isLeastFirst ? byte : step - 1 - byte;
  };
  return {
    width: word("width"),
    height: word("height"),
    stride: word("stride"),
    step,
    offset: word("headerSize") + COLOUR_BYTES * word("colours"),
    channels: [place("redMask"), place("greenMask"), place("blueMask")],
  };
}

import { WardlightError } from "../../core/errors.ts";
import { movingType } from "../../core/image/frames.ts";
import { MAX_PIXELS } from "../../core/image/pixels.ts";
import { decodableSize } from "../../core/image/size.ts";
import type { Pixels } from "../../core/types.ts";
import type { PictureFile } from "./download.ts";

export const SVG_TYPE = "image/svg+xml";
/** Drawings have no pixels of their own; this is how large the judge draws their longer side. */
const SVG_SIDE_PX = 512;

/** A picture that can go to the image worker, which has no document to draw SVG with. */
export type Picture = Encoded | ImageBitmap | Pixels;

/** A picture's file. */
export interface Encoded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its MIME type only where that matters: of several frames, or of a JPEG that has to be decoded smaller than it is. */
  readonly type: string;
}

/**
 * Makes a file ready for the image worker. Like the browser's own, it goes by the bytes rather than by the name that
 * the server gave them.
 * @throws WardlightError `validation` for what is no picture or cannot be drawn, `resource` for what is too large.
 */
export async function openPicture({ bytes, type }: PictureFile, signal: AbortSignal): Promise<Encoded | ImageBitmap> {
  if (type === SVG_TYPE || isMarkup(bytes)) return drawSvg(bytes, signal);
  const { width, height } = decodableSize(bytes);
  return { bytes, type: movingType(bytes) ?? (width * height > MAX_PIXELS ? "image/jpeg" : "") };
}

function isMarkup(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 1_024)).trimStart().startsWith("<");
}

/** In an `<img>`, scripts in a drawing do not run and nothing outside of it is loaded. */
async function drawSvg(bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<ImageBitmap> {
  const address = URL.createObjectURL(new Blob([bytes], { type: SVG_TYPE }));
  const image = new Image();
  try {
    image.src = address;
    await within(image.decode(), signal);
    const [width, height] = [image.naturalWidth || SVG_SIDE_PX, image.naturalHeight || SVG_SIDE_PX];
    const scale = SVG_SIDE_PX / Math.max(width, height);
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.transferToImageBitmap();
  } catch (cause) {
    signal.throwIfAborted();
    throw new WardlightError("validation", "The drawing (SVG) cannot be drawn.", { cause });
  } finally {
    image.src = "";
    URL.revokeObjectURL(address);
  }
}

async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}

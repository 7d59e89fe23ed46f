import { WardlightError } from "../../core/errors.ts";
import { sampledFrames } from "../../core/image/frames.ts";
import { MAX_PIXELS, reduced, reductionOf } from "../../core/image/pixels.ts";
import { declaredSize, type Size } from "../../core/image/size.ts";
import type { Pixels } from "../../core/types.ts";
import type { Encoded, Picture } from "./pictures.ts";

/** Rows that are copied out of a large picture at a time. */
const STRIP_ROWS = 256;
/** What a JPEG that is too large to be unpacked whole is decoded to, roughly. */
const SCALED_PIXELS = 4_000_000;

/**
 * The picture as a page paints it: turned upright, its colour profile applied, in sRGB. Several frames where it moves.
 * @throws WardlightError `validation` for what cannot be decoded, `resource` for what is too large.
 */
export async function framesOf(picture: Picture): Promise<Pixels[]> {
  if (picture instanceof ImageBitmap) return [drawn(picture)];
  if (!("bytes" in picture)) return [picture];
  try {
    return await framesOfFile(picture);
  } catch (cause) {
    if (cause instanceof WardlightError) throw cause;
    throw new WardlightError("validation", "The picture's file is damaged, or of a kind that cannot be decoded.", {
      cause,
    });
  }
}

async function framesOfFile(file: Encoded): Promise<Pixels[]> {
  if (file.type === "image/jpeg") {
    const size = declaredSize(file.bytes);
    if (size) return [await scaledDown(file, size)];
  } else if (file.type !== "" && "ImageDecoder" in globalThis) {
    const frames = await movingFrames(file);
    if (frames) return frames;
  }
  return [drawn(await createImageBitmap(new Blob([file.bytes])))];
}

/** Undefined where there is one frame alone, or the decoder fails: then the usual way shows what the page shows. */
async function movingFrames({ bytes, type }: Encoded): Promise<Pixels[] | undefined> {
  const decoder = new ImageDecoder({ data: bytes, type, preferAnimation: true });
  try {
    await decoder.completed;
    await decoder.tracks.ready;
    const count = decoder.tracks.selectedTrack?.frameCount ?? 1;
    if (count < 2) return undefined;
    const frames: Pixels[] = [];
    for (const frameIndex of sampledFrames(count)) frames.push(drawn((await decoder.decode({ frameIndex })).image));
    return frames;
  } catch (error) {
    if (error instanceof WardlightError) throw error;
    return undefined;
  } finally {
    decoder.close();
  }
}

async function scaledDown({ bytes, type }: Encoded, { width, height }: Size): Promise<Pixels> {
  const scale = Math.sqrt(SCALED_PIXELS / (width * height));
  if (!("ImageDecoder" in globalThis)) throw tooLarge(width, height);
  const decoder = new ImageDecoder({
    data: bytes,
    type,
    desiredWidth: Math.round(width * scale),
    desiredHeight: Math.round(height * scale),
  });
  try {
    await decoder.completed;
    return drawn((await decoder.decode()).image);
  } finally {
    decoder.close();
  }
}

/** Copies a picture out of the decoder's hands and lets go of it; a large one in strips, averaged down on the way. */
function drawn(image: ImageBitmap | VideoFrame): Pixels {
  const [width, height] =
    image instanceof ImageBitmap ? [image.width, image.height] : [image.displayWidth, image.displayHeight];
  try {
    if (width * height > MAX_PIXELS) throw tooLarge(width, height);
    const factor = reductionOf(width, height);
    return factor === 1 ? copied(image, width, height, 0, height) : shrunk(image, width, height, factor);
  } finally {
    image.close();
  }
}

function shrunk(image: ImageBitmap | VideoFrame, width: number, height: number, factor: number): Pixels {
  const [across, down] = [Math.floor(width / factor), Math.floor(height / factor)];
  const data = new Uint8ClampedArray(4 * across * down);
  const step = STRIP_ROWS - (STRIP_ROWS % factor);
  for (let top = 0; top + factor <= height; top += step) {
    const rows = Math.min(step, height - top);
    data.set(reduced(copied(image, width, height, top, rows), factor).data, 4 * across * (top / factor));
  }
  return { width: across, height: down, data };
}

function copied(image: ImageBitmap | VideoFrame, width: number, height: number, top: number, rows: number): Pixels {
  const canvas = new OffscreenCanvas(width, rows);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new WardlightError("resource", "There is no memory to decode the picture in.");
  context.drawImage(image, 0, -top, width, height);
  const { data } = context.getImageData(0, 0, width, rows);
  // Its memory would wait for the collector of garbage.
  canvas.width = 0;
  return { width, height: rows, data };
}

function tooLarge(width: number, height: number): WardlightError {
  return new WardlightError("resource", `The picture is too large to be judged (${width} × ${height} pixels).`);
}

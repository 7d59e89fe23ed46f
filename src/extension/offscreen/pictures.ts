import { WardlightError } from "../../core/errors.ts";
import { MAX_IMAGE_BYTES } from "./sightings.ts";

/** Drawings have no pixels of their own; this is how large the judge draws their longer side. */
const SVG_SIDE_PX = 512;

/** A picture that can go to the image worker, which has no document to draw SVG with. */
export type Picture = Blob | ImageBitmap;

/**
 * The file of a picture, from the page where it sent it, else from where the page got it: the one request that the
 * guard makes by itself. Cookies go along, as they did with the page's own.
 * @throws WardlightError `resource` when it cannot be had, `validation` when it is a drawing that cannot be drawn.
 */
export async function openPicture(src: string, bytes: Uint8Array | undefined, signal: AbortSignal): Promise<Picture> {
  const file = bytes ? new Blob([bytes as Uint8Array<ArrayBuffer>]) : await download(src, signal);
  return (await isSvg(file)) ? drawSvg(file) : file;
}

async function download(src: string, signal: AbortSignal): Promise<Blob> {
  if (!/^(https?|data):/i.test(src))
    throw new WardlightError("resource", "Only the page itself can read this picture.");
  const response = await fetch(src, { credentials: "include", cache: "force-cache", signal }).catch(
    (cause: unknown) => {
      throw new WardlightError("resource", "The picture could not be fetched a second time.", { cause });
    },
  );
  if (!response.ok) throw new WardlightError("resource", `The picture's server answered ${response.status}.`);
  if (Number(response.headers.get("content-length")) > MAX_IMAGE_BYTES) throw tooLarge();
  return boundedBlob(response);
}

async function boundedBlob({ body, headers }: Response): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_IMAGE_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return new Blob(chunks, { type: headers.get("content-type")?.split(";", 1)[0]?.trim() ?? "" });
}

function tooLarge(): WardlightError {
  return new WardlightError("resource", `The picture's file is larger than ${MAX_IMAGE_BYTES / 1024 ** 2} MB.`);
}

async function isSvg(file: Blob): Promise<boolean> {
  if (file.type !== "") return file.type === "image/svg+xml";
  const start = await file.slice(0, 1_024).text();
  return /^\s*<(\?xml|!--|!doctype svg|svg)/i.test(start.replace(/^\uFEFF/, ""));
}

async function drawSvg(file: Blob): Promise<ImageBitmap> {
  const address = URL.createObjectURL(new Blob([file], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const [width, height] = [image.naturalWidth || SVG_SIDE_PX, image.naturalHeight || SVG_SIDE_PX];
    const scale = SVG_SIDE_PX / Math.max(width, height);
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.transferToImageBitmap();
  } catch (cause) {
    throw new WardlightError("validation", "The drawing (SVG) cannot be drawn.", { cause });
  } finally {
    URL.revokeObjectURL(address);
  }
}

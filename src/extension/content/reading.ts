import type { Sighting } from "../messages.ts";
import { MIN_SIDE_PX } from "./surface.ts";

const MAX_BYTES = 32 * 1024 * 1024;
/** What is longer than the judge takes is cut off: it fails there and has its entry in the journal. */
const MAX_ADDRESS = 40 * 1024 * 1024;
const KEPT_ADDRESS = 64;
const READ_WITHIN_MS = 10_000;

type ImageSighting = Extract<Sighting, { kind: "image" }>;

/**
 * What to ask about a picture of which the page tells nothing but the address: one that style paints, or SVG. The
 * browser has it already, or is about to; so it is asked how large it is without another request.
 */
export async function sightingByAddress(id: string, src: string): Promise<ImageSighting | "tiny" | "broken"> {
  const image = new Image();
  image.src = src;
  const side = await Promise.race([sideOf(image), patience()]);
  if (side === "broken" || (side !== undefined && side > 0 && side < MIN_SIDE_PX))
    return side === "broken" ? side : "tiny";
  return sightingOf(id, src);
}

function sideOf(image: HTMLImageElement): Promise<number | "broken"> {
  return new Promise((resolve) => {
    image.onload = () => resolve(Math.max(image.naturalWidth, image.naturalHeight));
    image.onerror = () => resolve("broken");
  });
}

function patience(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, READ_WITHIN_MS));
}

/** Takes the file from the page's own cache where the page may read it; else the judge fetches it. */
export async function sightingOf(id: string, src: string): Promise<ImageSighting> {
  const sighting = addressedOf(id, src);
  const isReadable = src.startsWith("blob:") || URL.parse(src)?.origin === location.origin;
  const bytes = isReadable ? await read(src).catch(() => undefined) : undefined;
  return bytes ? { ...sighting, bytes } : sighting;
}

/** For the judge to fetch. */
export function addressedOf(id: string, src: string): ImageSighting {
  const isSendable = src.length <= MAX_ADDRESS;
  return { kind: "image", id, context: "page", src: isSendable ? src : src.slice(0, KEPT_ADDRESS) };
}

/**
 * Undefined for what is too large; a server that never ends must not keep the picture without an answer. The browser
 * gathers the file by itself: reading it piece by piece took this thread twice as long.
 */
async function read(src: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const response = await fetch(src, { cache: "force-cache", signal: AbortSignal.timeout(READ_WITHIN_MS) });
  if (!response.ok || Number(response.headers.get("content-length")) > MAX_BYTES) {
    void response.body?.cancel();
    return undefined;
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return bytes.length > MAX_BYTES ? undefined : bytes;
}

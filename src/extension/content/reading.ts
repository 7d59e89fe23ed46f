import type { Sighting } from "../messages.ts";

const MAX_BYTES = 32 * 1024 * 1024;
/** What is longer than the judge takes is cut off: it fails there and has its entry in the journal. */
const MAX_ADDRESS = 40 * 1024 * 1024;
const KEPT_ADDRESS = 64;
const READ_WITHIN_MS = 10_000;

/** Takes the file from the page's own cache where the page may read it; else the judge fetches it. */
export async function sightingOf(id: string, src: string): Promise<Sighting> {
  const sighting = addressedOf(id, src);
  const isReadable = src.startsWith("blob:") || URL.parse(src)?.origin === location.origin;
  const bytes = isReadable ? await read(src).catch(() => undefined) : undefined;
  return bytes ? { ...sighting, bytes } : sighting;
}

/** For the judge to fetch. */
export function addressedOf(id: string, src: string): Sighting & { kind: "image" } {
  const isSendable = src.length <= MAX_ADDRESS;
  return { kind: "image", id, context: "page", src: isSendable ? src : src.slice(0, KEPT_ADDRESS) };
}

/** Undefined for what is too large; a server that never ends must not keep the picture without an answer. */
async function read(src: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const response = await fetch(src, { cache: "force-cache", signal: AbortSignal.timeout(READ_WITHIN_MS) });
  if (!response.ok) return undefined;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  let room = MAX_BYTES;
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    room -= part.value.byteLength;
    if (room < 0) return void reader?.cancel();
    chunks.push(part.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

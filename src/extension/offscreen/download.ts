import { WardlightError } from "../../core/errors.ts";
import { release } from "../../core/release.ts";
import { MAX_IMAGE_BYTES } from "./sightings.ts";

/** The page has read this file already: what takes longer a second time will not come. */
const READ_WITHIN_MS = 20_000;

export interface PictureFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** As the server named it, without parameters; "" where nobody did. */
  readonly type: string;
}

/**
 * Makes this extension's own requests for an address carry a `Referer`, which no `fetch` may set for another site;
 * answers with how to end that.
 */
export type LendReferrer = (url: string, referrer: string) => Promise<() => Promise<void>>;

/** A picture's file on its way: its beginning is there. One of `read` and `cancel` has to be called. */
export interface Download {
  /** Names these very bytes among those of the address, if the server does: a strong ETag, or its date and length. */
  readonly version: string | undefined;
  /** @throws as `open` does. */
  read(): Promise<PictureFile>;
  cancel(): void;
}

/**
 * Asks for a picture where the page got it: the one request that the guard makes by itself. Cookies go along, as they did
 * with the page's own; the page's origin does only when the server refuses without it, as against hot links. What the
 * browser holds in its own cache costs no request.
 * @param page address of the page that shows the picture.
 * @throws WardlightError `resource`, or the signal's reason.
 */
export async function openDownload(
  src: string,
  page: string,
  lend: LendReferrer,
  signal: AbortSignal,
): Promise<Download> {
  if (!/^(https?|data):/i.test(src)) {
    throw new WardlightError("resource", "Only the page itself can read this picture.");
  }
  const limit = AbortSignal.timeout(READ_WITHIN_MS);
  const attempt = <T>(work: Promise<T>) => work.catch((cause: unknown) => failed(cause, signal, limit));
  const response = await attempt(request(src, page, lend, AbortSignal.any([signal, limit])));
  return {
    version: versionOf(response),
    read: () => attempt(fileOf(response)),
    cancel: () => void response.body?.cancel().catch(() => {}),
  };
}

function failed(cause: unknown, signal: AbortSignal, limit: AbortSignal): never {
  signal.throwIfAborted();
  if (cause instanceof WardlightError) throw cause;
  const what = limit.aborted ? `was not read within ${READ_WITHIN_MS / 1_000} seconds` : "could not be fetched";
  throw new WardlightError("resource", `The picture ${what} a second time.`, { cause });
}

/** RFC 9110, 8.8: a weak ETag may stand for other bytes, and a date has a second's grain, so it comes with the length. */
function versionOf({ ok, headers }: Response): string | undefined {
  const [etag, date, length] = ["etag", "last-modified", "content-length"].map((name) => headers.get(name));
  if (!ok) return undefined;
  if (etag && !etag.startsWith("W/")) return `etag ${etag} ${length ?? ""}`;
  return date && length ? `date ${date} ${length}` : undefined;
}

async function request(src: string, page: string, lend: LendReferrer, signal: AbortSignal): Promise<Response> {
  const ask = (cache: RequestCache) => fetch(src, { credentials: "include", cache, signal });
  const response = await ask("force-cache");
  const referrer = referrerFor(src, page);
  if (response.ok || response.status >= 500 || referrer === undefined) return response;
  await response.body?.cancel();
  const giveBack = await lend(src, referrer);
  return ask("no-cache").finally(giveBack);
}

/** What `strict-origin-when-cross-origin`, the default of both browsers, tells another site; undefined for nothing. */
function referrerFor(src: string, page: string): string | undefined {
  const origin = URL.parse(page)?.origin;
  const isDowngrade = page.startsWith("https:") && !src.startsWith("https:");
  return origin?.startsWith("http") && !isDowngrade ? `${origin}/` : undefined;
}

async function fileOf({ ok, status, body, headers }: Response): Promise<PictureFile> {
  if (!ok) throw new WardlightError("resource", `The picture's server answered ${status}.`);
  if (Number(headers.get("content-length")) > MAX_IMAGE_BYTES) throw tooLarge();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_IMAGE_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return {
    bytes: joined(chunks, length),
    type: headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "",
  };
}

/** Without a detour over a blob, whose memory would wait for the collector of garbage as that of the chunks would. */
function joined(chunks: readonly Uint8Array<ArrayBuffer>[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
    release(chunk);
  }
  return bytes;
}

function tooLarge(): WardlightError {
  return new WardlightError("resource", `The picture's file is larger than ${MAX_IMAGE_BYTES / 1024 ** 2} MB.`);
}

import { WardlightError } from "../../core/errors.ts";
import { MAX_LIST_BYTES } from "../../core/url/list-text.ts";
import type { ListProblem } from "../../core/url/subscription.ts";

const WITHIN_MS = 120_000;

/** A download that came to nothing: what the user is told. */
export class DownloadError extends WardlightError {
  readonly problem: ListProblem;
  readonly detail: string;

  constructor(problem: ListProblem, detail: string) {
    super("resource", `The list could not be downloaded: ${problem} ${detail}`);
    this.problem = problem;
    this.detail = detail;
  }
}

/**
 * A list's file. But for a page's own pictures, the only request that Wardlight makes: to the address that the user named,
 * without cookies and without a referrer, when the user asks or has set a schedule.
 * @throws DownloadError
 */
export async function download(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, {
    cache: "no-cache",
    credentials: "omit",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(WITHIN_MS),
  }).catch((error: unknown) => {
    throw new DownloadError("network", String(error));
  });
  if (!response.ok) throw new DownloadError("status", String(response.status));
  const bytes = await read(response);
  const promised = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
  if (promised !== null && Number(promised) !== bytes.length) {
    throw new DownloadError("incomplete", `${bytes.length} / ${promised}`);
  }
  return bytes;
}

async function read({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = body?.getReader();
  try {
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      length += part.value.length;
      if (length > MAX_LIST_BYTES) throw new DownloadError("tooLong", `${Math.round(MAX_LIST_BYTES / 2 ** 20)} MB`);
      chunks.push(part.value);
    }
  } catch (error) {
    void reader?.cancel().catch(() => {});
    throw error instanceof DownloadError ? error : new DownloadError("incomplete", String(error));
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

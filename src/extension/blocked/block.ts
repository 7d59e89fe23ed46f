import { hostOf } from "../../core/host.ts";
import { labelOfUrl } from "../../core/report/journal.ts";

/** The address that was stopped; nothing is there where it did not prove to be sound. */
export interface Block {
  readonly host?: string;
  /** Whole, as the browser asked for it. */
  readonly url?: string;
  /** Without query and fragment, shortened. */
  readonly address?: string;
}

/** Reads `#url=…`; never throws. */
export function readBlock(hash: string): Block {
  const url = new URLSearchParams(hash.replace(/^#/, "")).get("url") ?? "";
  const host = hostOf(url);
  return host ? { host, url, address: labelOfUrl(url) } : {};
}

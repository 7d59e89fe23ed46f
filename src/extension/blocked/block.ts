import { hostOf } from "../../core/host.ts";
import { labelOfUrl } from "../../core/report/journal.ts";

const REASONS = ["adult", "malware", "phishing", "blocklisted"] as const;

/** What was blocked and why; only what proved to be sound is there. */
export interface Block {
  readonly host?: string;
  /** Whole, as the browser asked for it. */
  readonly url?: string;
  /** Without query and fragment, shortened. */
  readonly address?: string;
  readonly category: (typeof REASONS)[number] | "unknown";
  readonly list?: string;
  /** The listed host. */
  readonly entry?: string;
}

/** Reads `#url=…&category=…&list=…&entry=…`. Whatever is missing or malformed is left out; never throws. */
export function readBlock(hash: string): Block {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const url = given.get("url") ?? "";
  const host = hostOf(url);
  const list = given.get("list") ?? "";
  const entry = given.get("entry") ?? "";
  return {
    ...(host ? { host, url, address: labelOfUrl(url) } : {}),
    category: REASONS.find((reason) => reason === given.get("category")) ?? "unknown",
    ...(/^[a-z0-9][a-z0-9._/-]{0,63}$/i.test(list) ? { list } : {}),
    ...(entry !== "" && hostOf(`http://${entry}/`) === entry ? { entry } : {}),
  };
}

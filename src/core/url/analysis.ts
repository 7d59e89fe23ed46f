import { type Address, readAddress } from "./address.ts";
import { findPatterns, type Hit } from "./lexical.ts";
import { findImitation, type Imitation } from "./lookalike.ts";
import { isNear } from "./near.ts";

/** What the rules see in an address; detectors and model share it. */
export interface Analysis {
  readonly address: Address;
  /** It leads to this machine or its own network, of which nothing is said. */
  readonly isNear: boolean;
  readonly hits: readonly Hit[];
  readonly imitation: Imitation | undefined;
}

const MAX_KEPT = 256;
const MAX_KEPT_LENGTH = 4096;
const kept = new Map<string, Analysis>();

/**
 * Analyses an address; undefined where it cannot be read. The last few hundred answers are kept, since three detectors
 * ask about each address in turn; the same address always has the same answer.
 */
export function analysisOf(url: string): Analysis | undefined {
  const known = kept.get(url);
  if (known) return known;
  const address = readAddress(url);
  if (!address) return undefined;
  const analysis = {
    address,
    isNear: isNear(address),
    hits: findPatterns(url, address),
    imitation: findImitation(address),
  };
  if (kept.size >= MAX_KEPT) kept.clear();
  if (url.length <= MAX_KEPT_LENGTH) kept.set(url, analysis);
  return analysis;
}

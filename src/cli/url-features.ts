/**
 * Standard input: one address a line. Standard output: one JSON object a line, what the phishing model sees of it, or
 * null where it cannot be read. The workshop fits on this, so that there is one definition of every feature.
 */
import { createInterface } from "node:readline";
import { readAddress } from "../core/url/address.ts";
import { FEATURES, featuresOf, readingOf } from "../core/url/features.ts";
import { findPatterns } from "../core/url/lexical.ts";
import { findImitation } from "../core/url/lookalike.ts";

process.stdout.write(`${JSON.stringify({ features: FEATURES })}\n`);
for await (const url of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  process.stdout.write(`${JSON.stringify(seenOf(url))}\n`);
}

function seenOf(url: string) {
  const address = readAddress(url);
  if (!address) return null;
  const imitation = findImitation(address);
  return {
    ...readingOf(address),
    domain: address.domain || address.host,
    label: address.label,
    patterns: findPatterns(url, address).map(({ id }) => id),
    imitation: imitation && { ...imitation, brand: imitation.brand.label },
    x: [...featuresOf(url, address)],
  };
}

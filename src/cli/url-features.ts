/**
 * Standard input: one address a line. Standard output: one JSON object a line, what the phishing model sees of it, or
 * null where it cannot be read. The workshop fits on this, so that there is one definition of every feature.
 */
import { createInterface } from "node:readline";
import { analysisOf } from "../core/url/analysis.ts";
import { FEATURES, featuresOf, readingOf } from "../core/url/features.ts";
import { combined } from "../core/url/lexical.ts";

process.stdout.write(`${JSON.stringify({ features: FEATURES })}\n`);
for await (const url of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  process.stdout.write(`${JSON.stringify(seenOf(url))}\n`);
}

function seenOf(url: string) {
  const analysis = analysisOf(url);
  if (!analysis) return null;
  const { address, hits, imitation } = analysis;
  return {
    ...readingOf(address),
    domain: address.domain || address.host,
    label: address.label,
    lexical: Object.fromEntries(
      [...new Set(hits.map(({ category }) => category))].map((category) => [
        category,
        combined(hits.filter((hit) => hit.category === category)),
      ]),
    ),
    imitation: imitation && { ...imitation, brand: imitation.brand.label },
    x: [...featuresOf(analysis)],
  };
}

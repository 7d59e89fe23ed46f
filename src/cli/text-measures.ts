/**
 * Standard input: one JSON `[text, language]` a line. Standard output: first the names by family, then a JSON list of
 * numbers a line. The workshop fits on this, so that there is one definition of every measure.
 */
import { createInterface } from "node:readline";
import { FAMILIES, measuresOf } from "../core/text/measures.ts";

const names = Object.values(FAMILIES).flat();
process.stdout.write(`${JSON.stringify(FAMILIES)}\n`);
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  const [text, language] = JSON.parse(line) as [string, string];
  const measures = measuresOf(text, language);
  process.stdout.write(`${JSON.stringify(names.map((name) => measures[name]))}\n`);
}

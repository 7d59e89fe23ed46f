/**
 * Standard input: one object a line, `text` and its `structure`. Standard output: the names of the features of
 * `core/page/injection.ts` on the first line, then one line a text: a list of numbers for each of its passages. The
 * workshop fits on this, so that there is one definition of every feature.
 */
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../core/catalog.ts";
import { featuresOf } from "../core/page/injection.ts";
import type { Structure } from "../core/page/structure.ts";
import { passagesOf } from "../core/text/cues.ts";
import type { TextSubject } from "../core/types.ts";
import { textPartsOf } from "../inference/text-parts.ts";

const { patterns, linear } = textPartsOf(
  parseCatalog(catalogJson),
  async (path) => new Uint8Array(await readFile(new URL(`../../models/${path}`, import.meta.url))),
);
const { signal } = new AbortController();

async function seen(text: string, structure: Structure) {
  const subject: TextSubject = { kind: "text", id: "0", context: "page", text, structure };
  const [met] = await patterns.detect([subject], signal);
  const [said] = await linear.detector.detect([subject], signal);
  const opinions = [...(met ?? []), ...(said ?? [])].filter(({ category }) => category === "injection");
  return featuresOf(text, structure, opinions, passagesOf(subject));
}

const [nothing = {}] = await seen("", { concealments: [], role: "body" });
const names = Object.keys(nothing);
process.stdout.write(`${JSON.stringify(names)}\n`);
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  const { text, structure } = JSON.parse(line);
  const rows = (await seen(text, structure)).map((features) => names.map((name) => features[name] ?? 0));
  process.stdout.write(`${JSON.stringify(rows)}\n`);
}

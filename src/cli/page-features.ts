/**
 * Standard input: one object a line, `text` and its `structure`. Standard output: the names of the features of
 * `core/page/injection.ts` on the first line, then an object a text: `rows`, a list of numbers for each of its passages,
 * and, where the cascade asks the encoder, what its `heads` say. The workshop fits on this, so that there is one definition
 * of every feature. The argument names a folder that keeps what the encoder said, since reading takes minutes.
 */
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../core/catalog.ts";
import { featuresOf } from "../core/page/injection.ts";
import type { Structure } from "../core/page/structure.ts";
import { passagesOf } from "../core/text/cues.ts";
import { HEADS_ID } from "../core/text/heads.ts";
import { judgeTexts } from "../core/text/pipeline.ts";
import type { Signal, TextSubject } from "../core/types.ts";
import { sha256 } from "../inference/load.ts";
import { textPartsOf } from "../inference/text-parts.ts";
import { type Scores, scoringOf } from "./encoder-scores.ts";

const { encoder, ...parts } = textPartsOf(
  parseCatalog(catalogJson),
  async (path) => new Uint8Array(await readFile(new URL(`../../models/${path}`, import.meta.url))),
);
const known = new Map<string, Scores>();
const page = parts.page && { ...parts.page, judge: (_: TextSubject, signals: readonly Signal[]) => signals };
const judges = { ...parts, page, encoder: encoder && scoringOf(encoder, known) };
const { signal } = new AbortController();

async function seen(text: string, structure: Structure) {
  const subject: TextSubject = { kind: "text", id: "0", context: "page", text, structure };
  const [finding = { signals: [] }] = await judgeTexts(judges, [subject], { isWanted: () => false }, signal);
  if (finding.failure) throw new Error(finding.failure.message);
  const opinions = finding.signals.filter(({ category }) => category === "injection");
  const isAsked = finding.signals.some(({ detector }) => detector === HEADS_ID);
  const features = featuresOf(text, structure, opinions, passagesOf(subject));
  return { features, heads: isAsked ? known.get(text) : undefined };
}

/** What was read in another run by the very same encoder; answers with the file that keeps it. */
async function recalled(folder: string | undefined): Promise<string | undefined> {
  if (!folder || !encoder) return undefined;
  await mkdir(folder, { recursive: true });
  const row = await sha256(new TextEncoder().encode(JSON.stringify(encoder.row)));
  const file = join(folder, `${row.slice(0, 16)}.jsonl`);
  const lines = await readFile(file, "utf8").catch(() => "");
  for (const line of lines.split("\n").filter(Boolean)) {
    const { text, scores } = JSON.parse(line);
    known.set(text, scores);
  }
  return file;
}

const file = await recalled(process.argv[2]);
const [nothing = {}] = (await seen("", { concealments: [], role: "body" })).features;
const names = Object.keys(nothing);
process.stdout.write(`${JSON.stringify(names)}\n`);
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  const { text, structure } = JSON.parse(line);
  const isNew = !known.has(text);
  const { features, heads } = await seen(text, structure);
  if (file && heads && isNew) await appendFile(file, `${JSON.stringify({ text, scores: heads })}\n`);
  const rows = features.map((one) => names.map((name) => one[name] ?? 0));
  process.stdout.write(`${JSON.stringify({ rows, heads })}\n`);
}

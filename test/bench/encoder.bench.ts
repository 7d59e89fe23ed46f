import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { ROOT } from "../../scripts/setup.mjs";
import { encoderFile, parseCatalog, rowsOf, type TextEncoderRow } from "../../src/core/catalog.ts";
import { WINDOW } from "../../src/core/text/encoder.ts";
import { HEADS_ID, type HeadsFamily } from "../../src/core/text/heads.ts";
import { judgeTexts } from "../../src/core/text/pipeline.ts";
import { segment } from "../../src/core/text/segment.ts";
import type { TextSubject } from "../../src/core/types.ts";
import { sha256 } from "../../src/inference/load.ts";
import { openGraph } from "../../src/inference/session.ts";
import { textPartsOf } from "../../src/inference/text-parts.ts";
import type { Bench, BenchContext, Row } from "./bench.ts";
import { median, quantile, ratios } from "./statistics.ts";

const ROUNDS = 25;
const CHUNKS = 4_000;
/** The workshop leaves what the shipped file was made of in a folder here, by the name of the fit. */
const FITS = join(ROOT, "models/workshop/.cache/encoder");

export const bench: Bench = {
  name: "encoder",
  title: "Texts: the encoder",
  builds: [],
  async measure(context): Promise<readonly Row[]> {
    const [row] = rowsOf(parseCatalog(catalogJson), "text-encoder");
    if (!row) {
      context.say("The catalogue ships no text encoder: nothing to measure.");
      return [];
    }
    return [...(await timesOf(row, context)), await cascadeOf(context)];
  },
};

/** One full window through the network, with the token head; the other heads are a few thousand products. */
async function timesOf(row: TextEncoderRow, { say }: BenchContext): Promise<Row[]> {
  const original = await originalOf(row);
  if (!original) {
    say("No float32 file of the encoder in the workshop's cache: its time is left out.");
    return [];
  }
  const path = encoderFile(row, "encoder.onnx")?.path ?? "";
  const [small, whole] = [await windowOf(join(ROOT, "models", path)), await windowOf(original)];
  const times: { ours: number; theirs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push({ ours: await small(), theirs: await whole() });
  const [ours, theirs] = [times.map((one) => one.ours), times.map((one) => one.theirs)];
  const each = ratios(ours, theirs);
  return [
    {
      what: "One chunk of 128 tokens through the shipped encoder, to its float32 original",
      value: median(each),
      unit: "ratio",
      target: { atMost: 0.45 },
      detail: `WebAssembly in Node, one thread, in turn; middle half ${quantile(each, 0.25).toFixed(2)}–${quantile(each, 0.75).toFixed(2)}, n = ${ROUNDS}, medians ${median(ours).toFixed(1)} and ${median(theirs).toFixed(1)} ms`,
    },
  ];
}

/** A float32 file of a fit with the same word pieces, and so of the same size: time does not hang on the weights. */
async function originalOf(row: TextEncoderRow): Promise<string | undefined> {
  const pieces = encoderFile(row, "tokenizer.json")?.sha256;
  const fits = existsSync(FITS) ? await readdir(FITS) : [];
  for (const fit of fits) {
    const [network, tokenizer] = [join(FITS, fit, "encoder.onnx"), join(FITS, fit, "tokenizer.json")];
    if (!existsSync(network) || !existsSync(tokenizer)) continue;
    if ((await sha256(new Uint8Array(await readFile(tokenizer)))) === pieces) return network;
  }
  return undefined;
}

/** Answers with how many milliseconds a run takes. */
async function windowOf(path: string): Promise<() => Promise<number>> {
  const graph = await openGraph(new Uint8Array(await readFile(path)), ["vector", "entities"]);
  const dims = [1, WINDOW + 2];
  const filled = (value: (i: number) => number) => ({
    values: Int32Array.from({ length: WINDOW + 2 }, (_, i) => value(i)),
    dims,
  });
  const feeds = { input_ids: filled((i) => 1_000 + 7 * i), attention_mask: filled(() => 1), shape: filled(() => 1) };
  await graph.run(feeds);
  return async () => {
    const startedAt = performance.now();
    await graph.run(feeds);
    return performance.now() - startedAt;
  };
}

/** Which of a page's chunks are read without the encoder. */
async function cascadeOf(context: BenchContext): Promise<Row> {
  const { texts, origin } = await pageTexts();
  const subjects = texts.map((text, i): TextSubject => ({ kind: "text", id: String(i), context: "page", text }));
  let asked = 0;
  const counting: HeadsFamily = {
    detector: {
      id: HEADS_ID,
      kind: "text",
      categories: [],
      detect: async (open) => {
        asked += open.length;
        return open.map(() => []);
      },
    },
    labeller: { id: HEADS_ID, label: async (open) => open.map(() => ({})) },
    entities: async () => [],
    measures: async () => ({}),
    vector: async () => undefined,
  };
  const parts = textPartsOf(
    parseCatalog(catalogJson),
    async (path) => new Uint8Array(await readFile(`${ROOT}models/${path}`)),
  );
  if (!parts.encoder) throw new Error("The catalogue ships no text encoder.");
  const counted = { ...parts, finders: [], encoder: { ...parts.encoder, open: async () => counting } };
  context.say(`${subjects.length} chunks`);
  await judgeTexts(counted, subjects, { isWanted: () => false }, new AbortController().signal);
  return {
    what: "Ordinary page chunks that are answered without the encoder",
    value: 1 - asked / subjects.length,
    unit: "share",
    target: { atLeast: 0.9 },
    detail: `${subjects.length - asked} of ${subjects.length} ${origin}`,
  };
}

interface DataRow {
  readonly text: string;
  readonly source: string;
}

/** Encyclopaedia sentences and textbook pages of the data folder, as many as are asked for, evenly; else the demo's own. */
async function pageTexts(): Promise<{ texts: string[]; origin: string }> {
  const folder = process.env.WARDLIGHT_DATA ?? join(ROOT, "..", "shared", "data");
  if (!existsSync(folder)) return { texts: await demoTexts(), origin: "chunks of the demo's harmless text" };
  const rows = async (name: string): Promise<DataRow[]> =>
    gunzipSync(await readFile(join(folder, `${name}.jsonl.gz`)))
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  const encyclopaedia = (await rows("train/injection")).filter(({ source }) => source === "wikineural");
  const all = [...encyclopaedia, ...(await rows("dev/category"))].flatMap(({ text }) => chunksOf(text));
  const step = Math.max(1, all.length / CHUNKS);
  const texts = Array.from({ length: Math.min(CHUNKS, all.length) }, (_, i) => all[Math.floor(i * step)] ?? "");
  return { texts, origin: "chunks of encyclopaedia in five languages and of textbooks, none fitted on" };
}

async function demoTexts(): Promise<string[]> {
  const page = await readFile(`${ROOT}test/fixtures/demo/article.html`, "utf8");
  return [...page.matchAll(/<p[^>]*>([^<]{40,})</g)].flatMap(([, text = ""]) => chunksOf(text));
}

function chunksOf(text: string): string[] {
  return segment(text).map(({ start, end }) => text.slice(start, end));
}

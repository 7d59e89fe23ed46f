import { readFile } from "node:fs/promises";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { ROOT } from "../../scripts/setup.mjs";
import { parseCatalog } from "../../src/core/catalog.ts";
import { patternDetector } from "../../src/core/text/patterns.ts";
import type { TextSubject } from "../../src/core/types.ts";
import { languageLabeller } from "../../src/inference/language.ts";
import { linearFamilyOf } from "../../src/inference/text-parts.ts";
import type { Bench, BenchContext, Row } from "./bench.ts";
import { quantile } from "./statistics.ts";

/** About 128 tokens of an encoder. */
const CHUNK_CHARS = 512;
const TOTAL_CHARS = 2_000_000;
const ROUNDS = 5;

export const bench: Bench = {
  name: "texts",
  title: "Texts: the fast half",
  builds: [],
  async measure({ say }: BenchContext): Promise<readonly Row[]> {
    const chunks = await pageText();
    const linear = linearFamilyOf(parseCatalog(catalogJson), readModel);
    const { signal } = new AbortController();
    const patterns = patternDetector();
    const language = languageLabeller();
    // New subjects each time: what detectors remember of one must not help the next round.
    const judge = async (chunks: readonly TextSubject[]) => {
      const subjects = chunks.map((chunk) => ({ ...chunk }));
      await patterns.detect(subjects, signal);
      await linear.detector.detect(subjects, signal);
    };
    const describe = (chunks: readonly TextSubject[]) =>
      linear.labeller.label(
        chunks.map((chunk) => ({ ...chunk })),
        signal,
      );
    const name = (subjects: readonly TextSubject[]) => language.label(subjects.slice(0, 400), signal);
    await judge(chunks);
    await describe(chunks);
    say("chunks one by one");
    const rounds: number[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const times: number[] = [];
      for (const chunk of chunks) times.push(await timed(() => judge([chunk])));
      rounds.push(times);
    }
    const each = chunks.map((_, i) => Math.min(...rounds.map((times) => times[i] ?? Number.POSITIVE_INFINITY)));
    const once = quantile(rounds.flat(), 0.95) * 1_000;
    say("two megabytes at once");
    const whole = await fastest(() => judge(chunks));
    const labels = await fastest(() => describe(chunks));
    const languages = await fastest(() => name(chunks));
    const detail = `${chunks.length} chunks of ${CHUNK_CHARS} characters of the demo's harmless text`;
    return [
      {
        what: "Chunk through expressions and threat heads, p95",
        value: quantile(each, 0.95) * 1_000,
        unit: "µs",
        target: { atMost: 60 },
        detail: `each chunk's fastest of ${ROUNDS}; ${detail}; median ${(quantile(each, 0.5) * 1_000).toFixed(0)} µs; p95 of single rounds ${once.toFixed(0)} µs`,
      },
      {
        what: "2 MB of text through expressions and threat heads",
        value: whole,
        unit: "ms",
        target: { atMost: 1_000 },
        detail: `fastest of ${ROUNDS}; ${detail}`,
      },
      {
        what: "2 MB of text through topic, intent and sentiment",
        value: labels,
        unit: "ms",
        detail: "done for flagged text alone",
      },
      {
        what: "Language of 400 chunks",
        value: languages,
        unit: "ms",
        detail: "eld, done for flagged text alone",
      },
    ];
  },
};

/** The demo's own harmless paragraphs, one after another until there is enough. */
async function pageText(): Promise<TextSubject[]> {
  const pages = await Promise.all(
    ["article", "comments", "chat"].map((page) => readFile(`${ROOT}test/fixtures/demo/${page}.html`, "utf8")),
  );
  const paragraphs = pages
    .flatMap((page) => [...page.matchAll(/<p[^>]*>([^<]{40,})</g)].map(([, text = ""]) => text))
    .filter((text) => !/Ignor\w+ (?:all|alle|toutes|todas|tutte) /i.test(text));
  const page = paragraphs.join(" ");
  const text = page.repeat(Math.ceil(TOTAL_CHARS / page.length)).slice(0, TOTAL_CHARS);
  const count = Math.floor(text.length / CHUNK_CHARS);
  return Array.from({ length: count }, (_, i) => ({
    kind: "text",
    id: String(i),
    context: "page",
    // A string of its own, as a message brings it, and no view into a longer one.
    text: Buffer.from(text.slice(i * CHUNK_CHARS, (i + 1) * CHUNK_CHARS)).toString(),
  }));
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

async function fastest(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await timed(run));
  return Math.min(...times);
}

async function readModel(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(`${ROOT}models/${path}`));
}

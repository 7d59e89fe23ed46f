import { once } from "node:events";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { decide } from "../core/decide.ts";
import { failureOf } from "../core/errors.ts";
import { hostOf } from "../core/host.ts";
import { DEFAULT_SETTINGS, policyOf } from "../core/policy.ts";
import type { Entity } from "../core/text/entities.ts";
import type { Measures } from "../core/text/measures.ts";
import { type Group, type Similar, Sitting } from "../core/text/similar.ts";
import type { Action, Category, Evidence, Failure, Labels, Probability, Signal, Subject } from "../core/types.ts";
import { type Input, inputsOf } from "./inputs.ts";
import { type Judges, openJudges } from "./judges.ts";
import { programJudges } from "./program-judges.ts";
import { DEFAULT_PORT, serve } from "./serve.ts";
import { verifyFile } from "./verify.ts";

const USAGE = `Usage: npm run inspect -- [--jsonl] [--full] FILE…
       npm run inspect -- --verify REPORT.json [--against FILE]
       npm run inspect -- --serve [--port N] [--token TOKEN]

Judges texts, pictures and addresses as the extension does at its default level.
FILE is an http(s) address, a picture, a text file, or a .jsonl file ("-": standard input) whose lines are
objects with one of "text", "url", "image" (a path), and optionally "id" and "context".

  --jsonl   print one JSON verdict a line
  --full    ask every judge, also where a cheap one is sure that a picture or a text is harmless; count what can be
            counted of a text, and tell which texts are alike
  --verify  check a report of the journal instead: exit status 0 where it is whole, 1 where it is broken, with the place
  --against hold it against the checkpoint in an ally's report
  --serve   answer programs of this machine over HTTP instead, on 127.0.0.1 alone, until it is stopped
  --port    where; ${DEFAULT_PORT} unless told, 0 for any free one
  --token   what they must know; a new one is printed otherwise. WARDLIGHT_TOKEN in the environment says it unseen
`;

/** One line of the answer; other programs rely on its shape (ARCHITECTURE.md, "inspect"). */
interface Answer {
  readonly id: string | number;
  readonly scores: Readonly<Partial<Record<Category, Probability>>>;
  readonly labels: Labels;
  readonly pii: readonly Piece[];
  readonly verdict: { readonly category: string; readonly score: Probability; readonly uncertainty: Probability };
  readonly action: Action["kind"];
  readonly evidence: readonly (Evidence & { readonly detector: string })[];
  /** Of texts, with `--full`; no verdict rests on them. */
  readonly measures?: Measures;
  /** Likewise: what an assistant would likely use. */
  readonly tools?: readonly string[];
  /** Likewise, where there is an encoder: the texts before it that are nearest to it by the encoder's vectors. */
  readonly similar?: readonly Similar[];
  readonly ms: number;
}
/** A piece of personal data: UTF-16 offsets, `end` exclusive. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly type: string;
  readonly score: Probability;
}
interface Refusal {
  readonly id: string | number;
  readonly error: Failure;
}

async function answer(input: Input, judges: Judges, sitting: Sitting): Promise<Answer | Refusal> {
  try {
    return await judge(input.id, await input.subject(), judges, sitting);
  } catch (error) {
    return { id: input.id, error: failureOf(error) };
  }
}

async function judge(id: Input["id"], subject: Subject, judges: Judges, sitting: Sitting): Promise<Answer | Refusal> {
  const startedAt = performance.now();
  const categories = judges.categories(subject.kind);
  const finding = await judges.judge(subject);
  if (finding.failure) return { id, error: finding.failure };
  const site = subject.kind === "url" ? (hostOf(subject.url) ?? "") : "";
  const { verdict, action } = decide(subject, finding, policyOf(DEFAULT_SETTINGS), { site, at: Date.now() });
  const { category, score, uncertainty } = verdict;
  const { vector, ...counted } = await judges.measure(subject, verdict.labels);
  return {
    id,
    scores: Object.fromEntries(categories.map((name) => [name, verdict.scores[name] ?? 0])),
    labels: verdict.labels ?? {},
    pii: withEntities(verdict.signals.flatMap(piecesOf), await judges.entities(subject)),
    verdict: { category, score, uncertainty },
    action: action.kind,
    evidence: verdict.signals.flatMap(({ detector, evidence }) => evidence.map((item) => ({ ...item, detector }))),
    ...counted,
    ...(vector ? { similar: sitting.add(String(id), vector, Math.max(0, ...Object.values(verdict.scores))) } : {}),
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
  };
}

function piecesOf({ category, evidence }: Signal): Piece[] {
  if (category !== "pii") return [];
  return evidence.flatMap((item) =>
    item.kind === "span" ? [{ start: item.start, end: item.end, type: item.rule, score: item.score ?? 1 }] : [],
  );
}

/** Rules are asked first; where they are silent, what the encoder finds. */
function withEntities(pieces: readonly Piece[], entities: readonly Entity[]): Piece[] {
  const isNew = ({ start, end }: Entity) => !pieces.some((piece) => piece.start < end && start < piece.end);
  return [...pieces, ...entities.filter(isNew)].sort((a, b) => a.start - b.start);
}

/** For people, at the end: texts that belong together, by the encoder. */
function describeGroup({ ids, size, threatLevel }: Group): string {
  return `group   ${size} texts, mean threat ${threatLevel.toFixed(3)}: ${ids.join(", ")}`;
}

/** For people: one line a subject and one a piece of evidence. */
function describe(line: Answer | Refusal): string {
  if ("error" in line) return `error   ${line.id}: ${line.error.message} (${line.error.code})`;
  const { id, action, verdict, evidence, ms } = line;
  const head = `${action.padEnd(7)} ${verdict.category} ${verdict.score.toFixed(3)}  ${id}  ${ms} ms`;
  return [head, ...evidence.map((item) => `          ${item.detector}: ${describeEvidence(item)}`)].join("\n");
}

function describeEvidence(evidence: Evidence): string {
  if (evidence.kind === "span") return `${evidence.rule} at ${evidence.start}–${evidence.end}`;
  if (evidence.kind === "target") return `${evidence.rule} of ${evidence.name} (${evidence.host})`;
  if (evidence.kind === "rule") return `${evidence.rule} (${evidence.value})`;
  return `${evidence.name} ${evidence.score.toFixed(3)}`;
}

const OPTIONS = {
  jsonl: { type: "boolean" },
  full: { type: "boolean" },
  help: { type: "boolean" },
  verify: { type: "string" },
  against: { type: "string" },
  serve: { type: "boolean" },
  port: { type: "string" },
  token: { type: "string" },
} as const;

function pathsOf(folder: string, report: string, held: string | undefined): [string, string?] {
  return held === undefined ? [resolve(folder, report)] : [resolve(folder, report), resolve(folder, held)];
}

/** Serves until it is told to stop. */
async function servePrograms(port: string | undefined, token: string | undefined): Promise<number> {
  const number = Number(port ?? DEFAULT_PORT);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new Error(`"${port}" is no port.`);
  const given = token ?? (process.env.WARDLIGHT_TOKEN || undefined);
  const served = await serve(programJudges(await openJudges(false)), { port: number, token: given });
  // What was given is known already, and need not stand in a log.
  const news = given === undefined ? `Authorization: Bearer ${served.token}\n` : "";
  process.stdout.write(`http://127.0.0.1:${served.port}\n${news}`);
  await Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
  await served.close();
  return 0;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const folder = process.env.INIT_CWD ?? process.cwd();
  if (values.verify !== undefined && !values.help) {
    const { status, text } = await verifyFile(...pathsOf(folder, values.verify, values.against));
    process.stdout.write(`${text}\n`);
    return status;
  }
  if (values.serve && !values.help) return servePrograms(values.port, values.token);
  if (values.help || positionals.length === 0) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  return inspectAll(inputsOf(positionals, folder), await openJudges(values.full ?? false), values.jsonl ?? false);
}

/** Prints what is said of each input as it comes, and for people which texts belong together. */
async function inspectAll(inputs: AsyncIterable<Input>, judges: Judges, isJsonl: boolean): Promise<number> {
  const sitting = new Sitting();
  let status = 0;
  for await (const input of inputs) {
    const line = await answer(input, judges, sitting);
    if ("error" in line) status = 1;
    process.stdout.write(`${isJsonl ? JSON.stringify(line) : describe(line)}\n`);
  }
  if (!isJsonl) for (const group of sitting.groups()) process.stdout.write(`${describeGroup(group)}\n`);
  return status;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}

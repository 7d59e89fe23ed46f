import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { ROOT } from "../../scripts/setup.mjs";
import { decide } from "../../src/core/decide.ts";
import { detectAll } from "../../src/core/detector.ts";
import { hostOf, suffixesOf } from "../../src/core/host.ts";
import { DEFAULT_SETTINGS, policyOf } from "../../src/core/policy.ts";
import type { Detector, UrlSubject } from "../../src/core/types.ts";
import { readAddress } from "../../src/core/url/address.ts";
import { BRANDS } from "../../src/core/url/brands.ts";
import { parsePhishingModel, urlDetectors } from "../../src/core/url/detectors.ts";
import { findImitation } from "../../src/core/url/lookalike.ts";
import type { Bench, BenchContext, Row } from "./bench.ts";
import { lookalikePairs } from "./lookalike-pairs.ts";
import { clopperPearson, quantile } from "./statistics.ts";

const WARN = 0.8;
const TIMED = 4000;
const FRESH = "2024-10";
const policy = policyOf(DEFAULT_SETTINGS);
const { signal } = new AbortController();

interface DataRow {
  readonly url: string;
  readonly label: string;
  readonly source: string;
  readonly date: string;
  readonly domain: string;
}

/** Detector of `eth-phishing-detect`, the list and Levenshtein approach of wallets. */
interface Peer {
  check(host: string): { readonly result: boolean; readonly type: string; readonly match?: string };
}

export const bench: Bench = {
  name: "url",
  title: "Addresses",
  builds: [],
  async measure(context) {
    const rows = await dataRows();
    if (rows.length === 0)
      context.say("No data folder (WARDLIGHT_DATA): honest names and fresh phishing are left out.");
    const peer = await peerOf(context);
    return [
      ...pairRows(peer),
      ...(rows.length > 0
        ? [...nameRows(rows, peer), ...(await analysisRows(rows, peer)), ...(await ablationRows(rows))]
        : []),
    ];
  },
};

async function dataRows(): Promise<DataRow[]> {
  const folder = process.env.WARDLIGHT_DATA ?? join(ROOT, "..", "shared", "data");
  const rows: DataRow[] = [];
  for (const name of ["train/url", "dev/url", "dev_ood/url.phish_2025_jp"]) {
    const path = join(folder, `${name}.jsonl.gz`);
    if (!existsSync(path)) continue;
    for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
      const row: DataRow = JSON.parse(line);
      rows.push({ ...row, url: row.url.includes("://") ? row.url : `http://${row.url}` });
    }
  }
  return rows;
}

async function peerOf(context: BenchContext): Promise<Peer> {
  const load = createRequire(join(await context.peers(), "package.json"));
  const PhishingDetector: new (configs: readonly object[]) => Peer = load("eth-phishing-detect/src/detector");
  const own = BRANDS.flatMap(({ domains }) => domains);
  return new PhishingDetector([
    {
      allowlist: own,
      blocklist: [],
      fuzzylist: BRANDS.map(({ domains }) => domains[0]),
      tolerance: 2,
      version: 2,
      name: "brands",
    },
  ]);
}

const imitates = (host: string) => {
  const address = readAddress(`http://${host}/`);
  const found = address && findImitation(address);
  return found && found.score >= WARN ? found.brand : undefined;
};

const share = (hits: number, count: number) => {
  const { low, high } = clopperPearson(hits, count);
  return `${hits} of ${count}, 95 %: ${(100 * low).toFixed(2)}–${(100 * high).toFixed(2)} %`;
};

function pairRows(peer: Peer): Row[] {
  const pairs = lookalikePairs();
  const found = pairs.map(({ host, brand }) => ({ brand, target: imitates(host) })).filter(({ target }) => target);
  const right = found.filter(({ brand, target }) => target === brand).length;
  const theirs = pairs.filter(({ host }) => peer.check(new URL(`http://${host}/`).hostname).result).length;
  return [
    {
      what: "Generated look-alikes of 1,000 brands found",
      value: found.length / pairs.length,
      unit: "share",
      target: { atLeast: 0.98 },
      detail: share(found.length, pairs.length),
    },
    {
      what: "Of these, target named right",
      value: right / found.length,
      unit: "share",
      target: { atLeast: 0.95 },
      detail: share(right, found.length),
    },
    {
      what: "The same look-alikes, eth-phishing-detect (Levenshtein 2)",
      value: theirs / pairs.length,
      unit: "share",
      detail: share(theirs, pairs.length),
    },
  ];
}

/** Two names in ten may stand in the table of brands' neighbours (workshop, `phishing_data.bucket_of`): not measured on. */
function isUnseen(name: string): boolean {
  return createHash("sha256").update(name).digest().readUInt32BE(0) % 10 >= 2;
}

function nameRows(rows: readonly DataRow[], peer: Peer): Row[] {
  const harmless = rows.filter(({ label }) => label === "benign").map(({ domain }) => domain);
  const names = [...new Set(harmless)].filter(isUnseen);
  const ours = names.filter((name) => imitates(name)).length;
  const theirs = names.filter((name) => peer.check(name).result).length;
  return [
    {
      what: "Real names of harmless sites taken for look-alikes",
      value: ours / names.length,
      unit: "share",
      target: { atMost: 0.001 },
      detail: share(ours, names.length),
    },
    {
      what: "The same names, eth-phishing-detect",
      value: theirs / names.length,
      unit: "share",
      detail: share(theirs, names.length),
    },
  ];
}

function modelDetectors(): Detector<UrlSubject>[] {
  const json: unknown = JSON.parse(readFileSync(join(ROOT, "models/url-phishing/model.json"), "utf8"));
  return urlDetectors({ name: "url-phishing@1.0.0", model: parsePhishingModel(json) });
}

const subjectOf = ({ url }: DataRow): UrlSubject => ({ kind: "url", id: "0", context: "page", url });

async function analysisRows(rows: readonly DataRow[], peer: Peer): Promise<Row[]> {
  const detectors = modelDetectors();
  const sample = rows.filter((_, i) => i % Math.ceil(rows.length / TIMED) === 0 && URL.canParse(rows[i]?.url ?? ""));
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const row of sample) {
    const start = performance.now();
    const [finding = { signals: [] }] = await detectAll(detectors, [subjectOf(row)], signal);
    decide(subjectOf(row), finding, policy, { site: row.domain, at: 0 });
    const middle = performance.now();
    peer.check(new URL(row.url).hostname);
    ours.push(1000 * (middle - start));
    theirs.push(1000 * (performance.now() - middle));
  }
  const detail = `${sample.length} addresses, each once, all detectors and the decision; median ${quantile(ours, 0.5).toFixed(0)} µs`;
  return [
    {
      what: "Whole analysis of an address, p95",
      value: quantile(ours, 0.95),
      unit: "µs",
      target: { atMost: 300 },
      detail,
    },
    {
      what: "eth-phishing-detect, p95",
      value: quantile(theirs, 0.95),
      unit: "µs",
      detail: `median ${quantile(theirs, 0.5).toFixed(0)} µs, in turn`,
    },
  ];
}

/** The shipped list as a plain Set, which is also what host rules of a blocker find: a host and its parents. */
function listedBy(path: string): ((url: string) => boolean) | undefined {
  if (!existsSync(path)) return undefined;
  const hosts = new Set(readFileSync(path, "utf8").split("\n"));
  return (url) => suffixesOf(hostOf(url) ?? "").some((host) => hosts.has(host));
}

async function actionsOn(detectors: readonly Detector<UrlSubject>[], subjects: readonly UrlSubject[]) {
  const findings = await detectAll(detectors, subjects, signal);
  return subjects.map(
    (subject, i) => decide(subject, findings[i] ?? { signals: [] }, policy, { site: "", at: 0 }).action.kind,
  );
}

async function ablationRows(rows: readonly DataRow[]): Promise<Row[]> {
  const detectors = modelDetectors();
  const [lexical, lookalike, model] = detectors;
  if (!lexical || !lookalike || !model) return [];
  const isListed = listedBy(join(ROOT, "public/lists/phishing.txt"));
  const harmless = rows.filter(({ label }) => label === "benign");
  const table: Row[] = [await blockedRow(detectors, harmless.map(subjectOf))];
  const samples = {
    "fresh OpenPhish, a source that nothing was fitted on": rows.filter(
      ({ source, date }) => source === "openphish" && date >= FRESH,
    ),
    "harmless links to free books and courses, most of them fitted on": rows.filter(
      ({ source }) => source === "free_programming_books",
    ),
  };
  const parts = { "lexical rules": [lexical], "look-alikes": [lookalike], model: [model], "all three": detectors };
  for (const [name, sample] of Object.entries(samples)) {
    const subjects = sample.filter((_, i) => i % Math.ceil(sample.length / TIMED) === 0).map(subjectOf);
    const add = (what: string, hits: number) =>
      table.push({
        what: `Warned of, ${name}: ${what}`,
        value: hits / subjects.length,
        unit: "share",
        detail: share(hits, subjects.length),
      });
    if (isListed) add("list alone", subjects.filter(({ url }) => isListed(url)).length);
    for (const [what, chosen] of Object.entries(parts)) {
      add(what, (await actionsOn(chosen, subjects)).filter((kind) => kind !== "allow").length);
    }
  }
  return table;
}

async function blockedRow(detectors: readonly Detector<UrlSubject>[], subjects: readonly UrlSubject[]): Promise<Row> {
  const kinds = await actionsOn(detectors, subjects);
  const blocked = kinds.filter((kind) => kind === "block").length;
  const warned = kinds.filter((kind) => kind === "warn").length;
  return {
    what: "Harmless addresses blocked, of all rows at hand",
    value: blocked,
    unit: "count",
    target: { atMost: 0 },
    detail: `${share(blocked, kinds.length)}; warned of: ${share(warned, kinds.length)} (fitted rows among them)`,
  };
}

import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suffixesOf } from "../../src/core/host.ts";
import { type HashSet, packOf, parentIn, readPack } from "../../src/core/url/host-pack.ts";
import type { Bench, BenchContext, Row } from "./bench.ts";
import { median, quantile } from "./statistics.ts";

const HOSTS = 1_000_000;
const LOOK_UPS = 100_000;
const STRANGERS = 4_000_000;
const ROUNDS = 7;
/** So many rules a blocker's engine is given: a million of them it would read for half a minute. */
const RULES = 100_000;

export const bench: Bench = {
  name: "lists",
  title: "Look-ups in lists of hosts",
  builds: [],
  measure,
};

async function measure({ say, onEnd, peers }: BenchContext): Promise<Row[]> {
  say(`making ${HOSTS} hosts`);
  const hosts = Array.from({ length: HOSTS }, () => `${randomBytes(5).toString("hex")}.example.com`);
  const folder = await mkdtemp(join(tmpdir(), "wardlight-bench-"));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "hosts.pack");
  const packed = packOf([hosts]);
  await writeFile(file, packed);

  const wakes: number[] = [];
  for (let i = 0; i < ROUNDS; i++) wakes.push(await wake(file));
  const [set] = readPack(packed) as [HashSet];
  const plain = new Set(hosts);
  const asked = Array.from({ length: LOOK_UPS }, (_, i) => `www.${i % 2 ? hosts[i] : `${i}.example.org`}`);
  const inPack = (host: string) => parentIn(set, host) !== undefined;
  const inSet = (host: string) => suffixesOf(host).some((suffix) => plain.has(suffix));
  for (const find of [inPack, inSet]) timesOf(asked, find);
  const rounds = Array.from({ length: ROUNDS }, () => [timesOf(asked, inPack), timesOf(asked, inSet)] as const);
  const p99 = rounds.map(([ours]) => quantile(ours, 0.99));
  const ratio = rounds.map(([ours, theirs]) => total(ours) / total(theirs));
  const ruled = hosts.slice(0, RULES);
  const [few] = readPack(packOf([ruled])) as [HashSet];
  const inRules = await blockerOf(ruled, await peers());
  const inFew = (host: string) => parentIn(few, host) !== undefined;
  const disagreed = asked.filter((host) => inRules(host) !== inFew(host)).length;
  const toRules = Array.from({ length: ROUNDS }, () => total(timesOf(asked, inFew)) / total(timesOf(asked, inRules)));
  let wrong = 0;
  for (let i = 0; i < STRANGERS; i++) if (inPack(`${i}.stranger.example.net`)) wrong++;
  return [
    {
      what: "Look-up of a host and its parents among 1,000,000, p99",
      value: median(p99),
      unit: "µs",
      target: { atMost: 2 },
      detail: `${LOOK_UPS} look-ups, half of them hits, ${ROUNDS} rounds, the clock's own cost included`,
    },
    {
      what: "Look-ups to a plain Set of strings",
      value: median(ratio),
      unit: "ratio",
      detail: "total time, medians of rounds in turns",
    },
    {
      what: "Look-ups among 100,000 hosts, to as many host rules in an ad blocker's engine",
      value: median(toRules),
      unit: "ratio",
      detail: `@ghostery/adblocker, which reads uBlock Origin's syntax; they disagree on ${disagreed} of ${LOOK_UPS} hosts`,
    },
    {
      what: "Pack of 1,000,000 hosts",
      value: packed.length,
      unit: "bytes",
      target: { atMost: 5_000_000 },
      detail: "a file and in memory",
    },
    {
      what: "From the file to the first look-up",
      value: median(wakes),
      unit: "ms",
      target: { atMost: 100 },
      detail: `read whole, viewed, nothing built; Node, ${ROUNDS} times`,
    },
    {
      what: "Other hosts taken for listed ones, before the list's text is asked",
      value: wrong,
      unit: "count",
      target: { atMost: 0 },
      detail: `of ${STRANGERS}, four probes each; expected 4.25 / 2³² a probe. After it: none by construction`,
    },
  ];
}

interface Blocker {
  FiltersEngine: { parse(rules: string, options: object): { match(request: unknown): { readonly match: boolean } } };
  Request: { fromRawDetails(details: { url: string; type: string }): unknown };
}

/** Asks an ad blocker's engine, which has a rule for each host, about a request to another. */
async function blockerOf(hosts: readonly string[], folder: string): Promise<(host: string) => boolean> {
  const { FiltersEngine, Request } = createRequire(join(folder, "index.js"))("@ghostery/adblocker") as Blocker;
  const engine = FiltersEngine.parse(hosts.map((host) => `||${host}^`).join("\n"), { loadCosmeticFilters: false });
  return (host) => engine.match(Request.fromRawDetails({ url: `https://${host}/`, type: "script" })).match;
}

async function wake(file: string): Promise<number> {
  const startedAt = performance.now();
  const [set] = readPack(new Uint8Array((await readFile(file)).buffer)) as [HashSet];
  parentIn(set, "www.example.com");
  return performance.now() - startedAt;
}

/** In µs, one by one. */
function timesOf(hosts: readonly string[], find: (host: string) => boolean): number[] {
  let hits = 0;
  const times = hosts.map((host) => {
    const startedAt = process.hrtime.bigint();
    if (find(host)) hits++;
    return Number(process.hrtime.bigint() - startedAt) / 1_000;
  });
  if (hits !== hosts.length / 2) throw new Error(`${hits} of ${hosts.length} look-ups were hits.`);
  return times;
}

function total(times: readonly number[]): number {
  return times.reduce((sum, time) => sum + time, 0);
}

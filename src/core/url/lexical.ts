import { CATEGORIES, type Category, type Probability } from "../types.ts";
import { type Address, MAX_HOST } from "./address.ts";
import table from "./patterns.json" with { type: "json" };
import { abuseOf } from "./words.ts";

/** The parts of an address that a row of the table can look at. */
const ZONES = [
  "raw",
  "host",
  "domain",
  "label",
  "subdomain",
  "suffix",
  "port",
  "path",
  "query",
  "ip",
  "odd-ip",
  "ip-path",
] as const;
type Zone = (typeof ZONES)[number];

interface Row {
  readonly id: string;
  readonly category: Category;
  readonly score: Probability;
}
interface ExpressionRow extends Row {
  readonly zone: Zone;
  readonly expression: RegExp;
}

/** A row of the table that an address met, and the part that met it. */
export interface Hit extends Row {
  readonly value: string;
}

const MAX_READ = 2048;
const MAX_VALUE = 80;
const MAX_SCORE = 0.99;

const expressions: readonly ExpressionRow[] = table.patterns.flatMap((row) =>
  row.expression === undefined
    ? []
    : [{ ...rowOf(row), zone: zoneOf(row.zone), expression: new RegExp(row.expression, "u") }],
);
const words: Readonly<Record<"host" | "path", ReadonlyMap<string, Row>>> = {
  host: wordsOf("host"),
  path: wordsOf("path"),
};

/** How many rows the table has. */
export const PATTERN_COUNT = table.patterns.length;

/** What the table can speak of. */
export const PATTERN_CATEGORIES: readonly Category[] = [...new Set(table.patterns.map((row) => rowOf(row).category))];

function rowOf({ id, category, score }: (typeof table.patterns)[number]): Row {
  const known = CATEGORIES.find((one) => one === category);
  if (!known) throw new TypeError(`The pattern ${id} has no known category.`);
  return { id, category: known, score };
}

function zoneOf(zone: string): Zone {
  const known = ZONES.find((one) => one === zone);
  if (!known) throw new TypeError(`The zone ${zone} is not known.`);
  return known;
}

/** Where several rows hold the same word, the weightiest counts. */
function wordsOf(zone: string): ReadonlyMap<string, Row> {
  const rows = table.patterns.filter((row) => row.zone === zone).sort((a, b) => a.score - b.score);
  return new Map(rows.flatMap((row) => (row.words ?? []).map((word) => [word, rowOf(row)] as const)));
}

/** Every row that the address meets, each once; the address itself is read as it was written. */
export function findPatterns(url: string, address: Address): Hit[] {
  const parts = partsOf(url, address);
  const hits: Hit[] = [...wordHits(parts.host, words.host), ...wordHits(parts.path, words.path)];
  for (const { zone, expression, ...row } of expressions) {
    const text = parts[zone];
    const value = text === "" ? undefined : expression.exec(text)?.[0];
    if (value !== undefined) hits.push({ ...row, value: value.slice(0, MAX_VALUE) });
  }
  const abuse = abuseOf(address.suffix);
  if (abuse > 0)
    hits.push({ id: "abused-suffix", category: "phishing", score: abuse / 5, value: `.${address.suffix}` });
  return hits;
}

function partsOf(
  url: string,
  { host, unicodeHost, domain, label, subdomain, suffix, port, path, query, kind }: Address,
) {
  const isIp = kind === "ipv4" || kind === "ipv6";
  const raw = url.slice(0, MAX_READ).toLowerCase();
  const short = path.slice(0, MAX_READ).toLowerCase();
  const isOdd = kind === "ipv4" && !raw.includes(host);
  return {
    raw,
    host: isIp ? "" : unicodeHost.slice(0, MAX_HOST).replace(/^www\./, ""),
    domain,
    label,
    subdomain: subdomain.replace(/^www\.?/, ""),
    suffix,
    port,
    path: short === "/" ? "" : short,
    query: query.slice(0, MAX_READ).toLowerCase(),
    ip: isIp ? host : "",
    "odd-ip": isOdd ? host : "",
    "ip-path": isIp ? short : "",
  } satisfies Record<Zone, string>;
}

function* wordHits(text: string, rows: ReadonlyMap<string, Row>): Generator<Hit> {
  if (text === "") return;
  const seen = new Set(text.split(/[^\p{L}\p{N}]+/u));
  for (const [first, second] of pairsOf(text)) seen.add(`${first}-${second}`);
  for (const word of seen) {
    const row = rows.get(word);
    if (row) yield { ...row, value: word };
  }
}

/** Words with one hyphen between them, for rows such as `log-in`. */
function pairsOf(text: string): (readonly [string, string])[] {
  const pieces = text.split(/[^\p{L}\p{N}-]+/u).map((piece) => piece.split("-"));
  return pieces.flatMap((piece) => piece.slice(1).map((word, i) => [piece[i] ?? "", word] as const));
}

/** As if each pattern were an independent reason (noisy or); rules never reach certainty. */
export function combined(hits: readonly Hit[]): Probability {
  return Math.min(MAX_SCORE, 1 - hits.reduce((rest, { score }) => rest * (1 - score), 1));
}

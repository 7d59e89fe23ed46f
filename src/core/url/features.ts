import { type Address, MAX_HOST } from "./address.ts";
import type { Analysis } from "./analysis.ts";
import { BRANDS, ownerOf } from "./brands.ts";
import type { Hit } from "./lexical.ts";
import type { Disguise } from "./lookalike.ts";
import { isMixedScript } from "./skeleton.ts";
import { abuseOf, isBait } from "./words.ts";

/** Characters of path and query that the model reads. */
export const MAX_PATH = 256;

/** What the model is given to read: no scheme, no leading `www.`, lower case; the sources differ in those. */
export interface Reading {
  readonly host: string;
  /** Path and query; "" for the root. */
  readonly path: string;
}

export function readingOf({ host, path, query }: Address): Reading {
  const rest = `${path}${query}`;
  return {
    host: host.slice(0, MAX_HOST).replace(/^www\./, ""),
    path: rest === "/" ? "" : rest.slice(0, MAX_PATH).toLowerCase(),
  };
}

const brandNames: ReadonlySet<string> = new Set(
  BRANDS.filter(({ isCommon, label }) => !isCommon && label.length > 4).map(({ label }) => label),
);

type Measure = (seen: Seen) => number;

interface Seen extends Reading {
  readonly address: Address;
  readonly label: string;
  readonly hits: readonly Hit[];
  readonly disguises: Readonly<Partial<Record<Disguise, number>>>;
  readonly isOwned: boolean;
  readonly hostWords: readonly string[];
  readonly pathWords: readonly string[];
}

const MEASURES: Readonly<Record<string, Measure>> = {
  hostLength: ({ host }) => host.length,
  hostDepth: ({ host }) => count(host, /\./g),
  subdomainLength: ({ address }) => address.subdomain.length,
  labelLength: ({ label }) => label.length,
  hostDigits: ({ host }) => share(host, /\d/g),
  labelDigits: ({ label }) => share(label, /\d/g),
  labelDigitRun: ({ label }) => longest(label, /\d+/g),
  hostHyphens: ({ host }) => count(host, /-/g),
  labelHyphens: ({ label }) => count(label, /-/g),
  labelEntropy: ({ label }) => entropy(label),
  subdomainEntropy: ({ address }) => entropy(address.subdomain),
  labelVowels: ({ label }) => share(label, /[aeiouy]/g),
  labelConsonantRun: ({ label }) => longest(label, /[bcdfghjklmnpqrstvwxz]+/g),
  labelAlternation: ({ label }) => count(label, /[a-z]\d|\d[a-z]/g),
  suffixLength: ({ address }) => address.suffix.length,
  suffixAbuse: ({ address }) => abuseOf(address.suffix),
  isShared: ({ address }) => Number(address.isShared),
  isAddress: ({ address }) => Number(address.kind !== "name"),
  hasPort: ({ address }) => Number(address.port !== ""),
  hasUser: ({ address }) => Number(address.hasUser),
  isPunycode: ({ host }) => Number(host.includes("xn--")),
  isMixed: ({ address }) => Number(address.unicodeHost.split(".").some(isMixedScript)),
  baitWords: ({ hostWords }) => hostWords.filter(isBait).length,
  hostWords: ({ hostWords }) => hostWords.length,
  brandInPath: ({ isOwned, pathWords }) => (isOwned ? 0 : Number(pathWords.some((word) => brandNames.has(word)))),
  isOwned: ({ isOwned }) => Number(isOwned),
  homograph: ({ disguises }) => disguises.homograph ?? 0,
  typosquat: ({ disguises }) => disguises.typosquat ?? 0,
  combosquat: ({ disguises }) => disguises.combosquat ?? 0,
  brandInSubdomain: ({ disguises }) => disguises["brand-in-subdomain"] ?? 0,
  swappedSuffix: ({ disguises }) => disguises["tld-swap"] ?? 0,
  phishingWords: ({ hits }) => weight(hits, "phishing"),
  malwareWords: ({ hits }) => weight(hits, "malware"),
  adultWords: ({ hits }) => weight(hits, "adult"),
  patterns: ({ hits }) => hits.length,
  pathLength: ({ path }) => path.length,
  pathDepth: ({ path }) => count(path, /\//g),
  pathDigits: ({ path }) => share(path, /\d/g),
  pathEntropy: ({ path }) => entropy(path),
  pathDots: ({ path }) => count(path, /\./g),
  pathHyphens: ({ path }) => count(path, /-/g),
  pathWords: ({ pathWords }) => pathWords.length,
  longestPathWord: ({ pathWords }) => Math.max(0, ...pathWords.map((word) => word.length)),
  queryLength: ({ address }) => Math.min(MAX_PATH, address.query.length),
  parameters: ({ path }) => count(path, /=/g),
  escapes: ({ path }) => count(path, /%/g),
  isScript: ({ address }) => Number(/\.(?:php\d?|aspx?|cgi|jsp)$/i.test(address.path.slice(-MAX_PATH))),
  isDocument: ({ address }) => Number(/\.html?$/i.test(address.path.slice(-MAX_PATH))),
  isFolder: ({ path }) => Number(path.endsWith("/")),
};

/** What the numbers of {@link featuresOf} mean, in their order; a model says which it was fitted on. */
export const FEATURES: readonly string[] = Object.keys(MEASURES);

/** The shape of an address in numbers. */
export function featuresOf({ address, hits, imitation }: Analysis): Float64Array {
  const reading = readingOf(address);
  const seen: Seen = {
    ...reading,
    address,
    label: address.label || reading.host,
    hits,
    disguises: imitation ? { [imitation.disguise]: imitation.score } : {},
    isOwned: ownerOf(address) !== undefined,
    hostWords: reading.host.split(/[^a-z]+/).filter((word) => word !== ""),
    pathWords: reading.path.split(/[^a-z]+/).filter((word) => word !== ""),
  };
  return Float64Array.from(Object.values(MEASURES), (measure) => rounded(measure(seen)));
}

/** Four decimals, so that the last bit of a logarithm cannot send an address down another branch. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function count(text: string, expression: RegExp): number {
  return text.match(expression)?.length ?? 0;
}

function share(text: string, expression: RegExp): number {
  return text === "" ? 0 : count(text, expression) / text.length;
}

function longest(text: string, expression: RegExp): number {
  return Math.max(0, ...(text.match(expression) ?? []).map((run) => run.length));
}

/** Shannon's, in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const n of counts.values()) bits -= (n / text.length) * Math.log2(n / text.length);
  return bits;
}

/** As the lexical detector weighs them together. */
function weight(hits: readonly Hit[], category: Hit["category"]): number {
  return 1 - hits.reduce((rest, hit) => (hit.category === category ? rest * (1 - hit.score) : rest), 1);
}

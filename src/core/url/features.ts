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
  readonly subdomain: string;
  readonly hits: readonly Hit[];
  readonly disguises: Readonly<Partial<Record<Disguise, number>>>;
  readonly isOwned: boolean;
  readonly hostWords: readonly string[];
  readonly pathWords: readonly string[];
}

const DIGIT = kindOf("0123456789");
const VOWEL = kindOf("aeiouy");
const CONSONANT = kindOf("bcdfghjklmnpqrstvwxz");
const DOT = kindOf(".");
const HYPHEN = kindOf("-");
const SLASH = kindOf("/");
const EQUALS = kindOf("=");
const PERCENT = kindOf("%");

const MEASURES: Readonly<Record<string, Measure>> = {
  hostLength: ({ host }) => host.length,
  hostDepth: ({ host }) => count(host, DOT),
  subdomainLength: ({ subdomain }) => subdomain.length,
  labelLength: ({ label }) => label.length,
  hostDigits: ({ host }) => share(host, DIGIT),
  labelDigits: ({ label }) => share(label, DIGIT),
  labelDigitRun: ({ label }) => longest(label, DIGIT),
  hostHyphens: ({ host }) => count(host, HYPHEN),
  labelHyphens: ({ label }) => count(label, HYPHEN),
  labelEntropy: ({ label }) => entropy(label),
  subdomainEntropy: ({ subdomain }) => entropy(subdomain),
  labelVowels: ({ label }) => share(label, VOWEL),
  labelConsonantRun: ({ label }) => longest(label, CONSONANT),
  labelAlternation: ({ label }) => alternations(label),
  suffixLength: ({ address }) => address.suffix.length,
  suffixAbuse: ({ address }) => abuseOf(address.suffix),
  isShared: ({ address }) => Number(address.isShared),
  isAddress: ({ address }) => Number(address.kind !== "name"),
  hasPort: ({ address }) => Number(address.port !== ""),
  hasUser: ({ address }) => Number(address.hasUser),
  isPunycode: ({ host }) => Number(host.includes("xn--")),
  isMixed: ({ address: { host, unicodeHost } }) =>
    Number(host !== unicodeHost && unicodeHost.split(".").some(isMixedScript)),
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
  pathDepth: ({ path }) => count(path, SLASH),
  pathDigits: ({ path }) => share(path, DIGIT),
  pathEntropy: ({ path }) => entropy(path),
  pathDots: ({ path }) => count(path, DOT),
  pathHyphens: ({ path }) => count(path, HYPHEN),
  pathWords: ({ pathWords }) => pathWords.length,
  longestPathWord: ({ pathWords }) => Math.max(0, ...pathWords.map((word) => word.length)),
  queryLength: ({ address }) => Math.min(MAX_PATH, address.query.length),
  parameters: ({ path }) => count(path, EQUALS),
  escapes: ({ path }) => count(path, PERCENT),
  isScript: ({ address }) => Number(/\.(?:php\d?|aspx?|cgi|jsp)$/i.test(address.path.slice(-MAX_PATH))),
  isDocument: ({ address }) => Number(/\.html?$/i.test(address.path.slice(-MAX_PATH))),
  isFolder: ({ path }) => Number(path.endsWith("/")),
};

const measures = Object.values(MEASURES);

/** What the numbers of {@link featuresOf} mean, in their order; a model says which it was fitted on. */
export const FEATURES: readonly string[] = Object.keys(MEASURES);

/** The shape of an address in numbers. */
export function featuresOf({ address, hits, imitation }: Analysis): Float64Array {
  const reading = readingOf(address);
  const seen: Seen = {
    ...reading,
    address,
    label: address.label || reading.host,
    subdomain: address.subdomain.replace(/^www(?:\.|$)/, ""),
    hits,
    disguises: imitation ? { [imitation.disguise]: imitation.score } : {},
    isOwned: ownerOf(address) !== undefined,
    hostWords: reading.host.split(/[^a-z]+/).filter((word) => word !== ""),
    pathWords: reading.path.split(/[^a-z]+/).filter((word) => word !== ""),
  };
  const numbers = new Float64Array(measures.length);
  for (const [i, measure] of measures.entries()) numbers[i] = rounded(measure(seen));
  return numbers;
}

/** Four decimals, so that the last bit of a logarithm cannot send an address down another branch. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** A mark for each ASCII character of a kind; whatever is not ASCII is of none. */
function kindOf(characters: string): Uint8Array {
  const marks = new Uint8Array(128);
  for (const character of characters) marks[character.charCodeAt(0)] = 1;
  return marks;
}

function count(text: string, kind: Uint8Array): number {
  let found = 0;
  for (let i = 0; i < text.length; i++) found += kind[text.charCodeAt(i)] ?? 0;
  return found;
}

function share(text: string, kind: Uint8Array): number {
  return text === "" ? 0 : count(text, kind) / text.length;
}

function longest(text: string, kind: Uint8Array): number {
  let most = 0;
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    run = kind[text.charCodeAt(i)] === 1 ? run + 1 : 0;
    most = Math.max(most, run);
  }
  return most;
}

/** How often letters give way to digits or digits to letters, no character counted twice. */
function alternations(text: string): number {
  return text.match(/[a-z]\d|\d[a-z]/g)?.length ?? 0;
}

/** All zero between two calls. */
const counts = new Uint32Array(128);

/** Shannon's, in bits a character. */
function entropy(text: string): number {
  if (text === "") return 0;
  for (let i = 0; i < text.length; i++) {
    const code = Math.min(127, text.charCodeAt(i));
    counts[code] = (counts[code] ?? 0) + 1;
  }
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = Math.min(127, text.charCodeAt(i));
    const share = (counts[code] ?? 0) / text.length;
    if (share > 0) bits -= share * Math.log2(share);
    counts[code] = 0;
  }
  return bits;
}

/** As the lexical detector weighs them together. */
function weight(hits: readonly Hit[], category: Hit["category"]): number {
  return 1 - hits.reduce((rest, hit) => (hit.category === category ? rest * (1 - hit.score) : rest), 1);
}

import type { Probability } from "../types.ts";
import { type Address, MAX_HOST } from "./address.ts";
import {
  BRANDS,
  type Brand,
  brandAt,
  brandLike,
  brandNamed,
  isEstablished,
  joinBrands,
  lettersApart,
  lettersOf,
  ownerOf,
} from "./brands.ts";
import { typingDistance } from "./distance.ts";
import { asciiSkeleton, isMixedScript, isWholeScriptConfusable } from "./skeleton.ts";
import { abuseOf, holdsStrongBait, isMadeOfBait } from "./words.ts";

/** The ways to look like somebody else. */
export type Disguise = "homograph" | "typosquat" | "combosquat" | "tld-swap" | "brand-in-subdomain";

/** Whom an address seems to be, how, and how sure that is. */
export interface Imitation {
  readonly disguise: Disguise;
  readonly brand: Brand;
  readonly score: Probability;
  /** The part of the address that looks like the brand. */
  readonly value: string;
}

/** Letters that do not belong together, or a whole name in another script that reads as Latin. */
export function findOddScript({ unicodeHost, suffix }: Address): { rule: string; score: Probability } | undefined {
  if (unicodeHost.length > MAX_HOST || /^\p{ASCII}*$/u.test(unicodeHost)) return undefined;
  const labels = unicodeHost.split(".");
  if (labels.some(isMixedScript)) return { rule: "mixed-script", score: 0.85 };
  const isAtHome = suffix.startsWith("xn--");
  return !isAtHome && labels.some(isWholeScriptConfusable) ? { rule: "whole-script", score: 0.4 } : undefined;
}

/** The likeliest imitation of a brand in a host, or undefined; a brand's own hosts imitate nobody. */
export function findImitation(address: Address): Imitation | undefined {
  if (address.domain === "" || ownerOf(address)) return undefined;
  const found = [inLabel(address), inSubdomain(address)].filter((one) => one !== undefined);
  return found.sort((a, b) => b.score - a.score)[0];
}

function inLabel(address: Address): Imitation | undefined {
  const label = unicodeLabelOf(address);
  if (label === "") return undefined;
  const ascii = asciiSkeleton(label);
  if (ascii !== label) return homograph(label, ascii);
  if (isEstablished(label)) return undefined;
  return swappedSuffix(address) ?? typosquat(label, isSuspect(address)) ?? combosquat(label);
}

/** The registrable label as it is shown. */
function unicodeLabelOf({ label, subdomain, unicodeHost }: Address): string {
  return label === "" ? "" : (unicodeHost.split(".")[subdomain === "" ? 0 : subdomain.split(".").length] ?? "");
}

function homograph(label: string, ascii: string): Imitation | undefined {
  const brand = brandNamed(ascii) ?? (ascii.length > 3 ? brandLike(ascii) : undefined);
  const isAccented = /^[\p{Script=Latin}\p{N}-]+$/u.test(label);
  // Accents belong to honest languages: zürich is a town, and nestlé is how the brand spells itself.
  if (isAccented && (!brand || brand.isCommon || isSpelling(label, brand))) return undefined;
  if (brand) return { disguise: "homograph", brand, score: 0.97, value: label };
  const parts = typosquat(ascii, true) ?? combosquat(ascii);
  return parts && { ...parts, disguise: "homograph", value: label };
}

function isSpelling(label: string, { name }: Brand): boolean {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "") === label.replaceAll("-", "");
}

/** The brand's very name under a suffix that is known for abuse; elsewhere it is the brand itself, or a namesake. */
function swappedSuffix({ label, suffix, domain }: Address): Imitation | undefined {
  const brand = brandNamed(label);
  if (!brand || brand.isCommon || label.length < 5) return undefined;
  const abuse = abuseOf(suffix);
  return abuse < 0.5 ? undefined : { disguise: "tld-swap", brand, score: 0.85, value: domain };
}

function isSuspect({ suffix, isShared }: Address): boolean {
  return isShared || abuseOf(suffix) >= 0.3;
}

const MIN_GLYPHS = 4;

function typosquat(label: string, isSuspect: boolean): Imitation | undefined {
  const joined = label.replaceAll("-", "");
  if (brandNamed(label)) return undefined;
  const same = brandNamed(joined);
  if (same && joined.length >= 5) return { disguise: "typosquat", brand: same, score: 0.9, value: label };
  const alike = brandLike(joined);
  const isDigital = /\d/.test(joined) || !alike?.isCommon;
  if (alike && joined.length >= MIN_GLYPHS && isDigital) {
    return { disguise: "typosquat", brand: alike, score: 0.95, value: label };
  }
  const near = nearest(joined, isSuspect);
  return (
    near && { disguise: "typosquat", brand: near.brand, score: (95 - Math.round(10 * near.cost)) / 100, value: label }
  );
}

/**
 * How many edits a name bears before it is another name. Short names bear few: ibm is not hal. Where a suffix is known
 * for abuse, honest neighbours are rare, and a name bears more.
 */
function toleranceOf({ label, isCommon }: Brand, isSuspect: boolean): number {
  if (isCommon || label.length < 5) return 0;
  if (label.length >= 9) return 1.5;
  if (isSuspect) return 1;
  if (label.length >= 7) return 0.8;
  // Doubled, swapped, beside its key: yes. A letter more or less makes another name: docker and dockers, xiaomi and xiami.
  return label.length === 6 ? 0.7 : 0;
}

const MAX_LABEL = 63;

/** By length of what is written: the brands that may be meant, two letters more or less. */
const candidates: readonly (readonly Brand[])[] = Array.from({ length: MAX_LABEL + 1 }, (_, length) =>
  BRANDS.filter((brand) => Math.abs(brand.label.length - length) <= 2 && toleranceOf(brand, true) > 0),
);

function nearest(label: string, isSuspect: boolean): { brand: Brand; cost: number } | undefined {
  const letters = lettersOf(label);
  let best: { brand: Brand; cost: number } | undefined;
  for (const brand of candidates[label.length] ?? []) {
    const tolerance = toleranceOf(brand, isSuspect);
    if (!mayBeMeant(brand, label, letters, tolerance)) continue;
    // The first letter of a short name is the one that nobody misses.
    if (!isSuspect && brand.label.length < 8 && brand.label[0] !== label[0]) continue;
    const cost = typingDistance(brand.label, label, tolerance);
    if (cost < (best?.cost ?? Number.POSITIVE_INFINITY)) best = { brand, cost };
  }
  return best;
}

/** What a look at letters and lengths does not rule out: an edit changes two letters and the length by one at most. */
function mayBeMeant(brand: Brand, label: string, letters: number, tolerance: number): boolean {
  const edits = tolerance > 1 ? 2 : 1;
  if (tolerance === 0 || lettersApart(brand.letters, letters) > 2 * edits) return false;
  return Math.abs(brand.label.length - label.length) <= edits;
}

/** A brand beside words that bait: `paypal-login`, `secureamazon`. */
function combosquat(label: string): Imitation | undefined {
  const words = joinBrands(label)
    .split(/[-_]/)
    .filter((word) => word !== "");
  for (const [i, word] of words.entries()) {
    const brand = brandIn(word, words.length > 1);
    if (!brand) continue;
    const rest = words.toSpliced(i, 1).join("") + word.replace(brand.label, "");
    const score = !holdsStrongBait(rest) ? 0.5 : isMadeOfBait(rest) ? 0.92 : 0.7;
    return { disguise: "combosquat", brand, score, value: label };
  }
  return undefined;
}

const MIN_INSIDE = 6;

/** The brand that a word is, looks like, or holds. */
function brandIn(word: string, isOneOfMany: boolean): Brand | undefined {
  const bare = word.replace(/\d+$/, "");
  const exact = brandNamed(word) ?? brandNamed(bare) ?? (/\d/.test(word) ? brandLike(word) : undefined);
  if (exact && isOneOfMany && exact.label.length >= 4 && !exact.isCommon) return exact;
  if (bare.length <= 4) return undefined;
  const letters = lettersOf(word);
  return BRANDS.find((brand) => (brand.letters & ~letters) === 0 && isHeldBy(brand, bare));
}

/** A long name at either end, or any name among words that bait. */
function isHeldBy({ label, isCommon }: Brand, word: string): boolean {
  if (isCommon || label.length < 4 || label.length >= word.length || !word.includes(label)) return false;
  const isAtEnd = word.startsWith(label) || word.endsWith(label);
  return (isAtEnd && label.length >= MIN_INSIDE) || isMadeOfBait(word.replace(label, ""));
}

function inSubdomain(address: Address): Imitation | undefined {
  const { subdomain, unicodeHost } = address;
  if (subdomain === "") return undefined;
  const labels = unicodeHost.split(".").slice(0, subdomain.split(".").length).map(asciiSkeleton);
  const whole = [labels, labels.flatMap((label) => label.split("-"))]
    .map(brandAmong)
    .find((brand) => brand !== undefined);
  if (whole) return { disguise: "brand-in-subdomain", brand: whole, score: 0.95, value: subdomain };
  for (const label of labels) {
    const combined = label.includes("-") ? combosquat(label) : undefined;
    if (combined && combined.score > 0.8) return { ...combined, disguise: "brand-in-subdomain", score: 0.85 };
    const brand = brandNamed(label);
    const isPlain = brand && brand.label.length >= 5 && !brand.isCommon;
    if (isPlain) return { disguise: "brand-in-subdomain", brand, score: 0.5, value: label };
  }
  return undefined;
}

/** The owner of a whole domain among labels, such as `paypal.com` in `www.paypal.com.verify`. */
function brandAmong(labels: readonly string[]): Brand | undefined {
  const pairs = labels.slice(1).map((label, i) => `${labels[i]}.${label}`);
  const triples = labels.slice(2).map((label, i) => `${pairs[i]}.${label}`);
  return [...triples, ...pairs]
    .filter((domain) => domain.length > 5)
    .map(brandAt)
    .find((brand) => brand !== undefined);
}

import { suffixesOf } from "../host.ts";
import type { Address } from "./address.ts";
import table from "./brands.json" with { type: "json" };
import { glyphFold } from "./skeleton.ts";

const A = 97;

/** A name that people trust, and where it lives. */
export interface Brand {
  readonly name: string;
  /** Its own registrable domains; the first is its best known. */
  readonly domains: readonly string[];
  /** The first label of the best known, without hyphens: what an imitation imitates. */
  readonly label: string;
  /** The same with its hyphens. */
  readonly spelt: string;
  /** {@link glyphFold} of the label. */
  readonly glyphs: string;
  /** The letters of the label, one bit each. */
  readonly letters: number;
  /** The label is an everyday word, or part of many honest names: nothing but an exact look-alike of it is one. */
  readonly isCommon: boolean;
}

const common: ReadonlySet<string> = new Set(table.common);

export const BRANDS: readonly Brand[] = table.brands.map(([name = "", ...domains]) => {
  const spelt = (domains[0] ?? "").split(".")[0] ?? "";
  const label = spelt.replaceAll("-", "");
  return {
    name,
    domains,
    label,
    spelt,
    glyphs: glyphFold(label),
    letters: lettersOf(label),
    isCommon: common.has(spelt),
  };
});

const hyphened = BRANDS.filter(({ spelt, label }) => spelt !== label);

const byDomain = new Map(BRANDS.flatMap((brand) => brand.domains.map((domain) => [domain, brand] as const)));
const byLabel = new Map([...groupedBy(({ label }) => label), ...groupedBy(({ spelt }) => spelt)]);
const byGlyphs = groupedBy(({ glyphs }) => glyphs);
/** Established names that look like a brand and are none of its imitations. */
const neighbours: ReadonlySet<string> = new Set(table.neighbours);

function groupedBy(key: (brand: Brand) => string): ReadonlyMap<string, Brand> {
  return new Map(BRANDS.toReversed().map((brand) => [key(brand), brand]));
}

/** Domains whose subdomains belong to customers, beyond those of the public suffix list. */
const lent: ReadonlySet<string> = new Set(table.lent);

/** The brand that owns the address; what it lends to others (github.io, name.weebly.com) is not its own. */
export function ownerOf({ host, domain: registered, subdomain, isShared }: Address): Brand | undefined {
  if (isShared || (lent.has(registered) && !/^(?:www)?$/.test(subdomain))) return undefined;
  const domain = suffixesOf(host).find((suffix) => byDomain.has(suffix));
  return domain === undefined ? undefined : byDomain.get(domain);
}

/** The brand that a registrable domain belongs to. */
export function brandAt(domain: string): Brand | undefined {
  return byDomain.get(domain);
}

/** Brings the brands that are written with a hyphen to one word: `login-t-mobile` to `login-tmobile`. */
export function joinBrands(label: string): string {
  return label.includes("-") ? hyphened.reduce((text, brand) => text.replace(brand.spelt, brand.label), label) : label;
}

export function brandNamed(label: string): Brand | undefined {
  return byLabel.get(label);
}

export function brandLike(label: string): Brand | undefined {
  return byGlyphs.get(glyphFold(label));
}

export function isEstablished(label: string): boolean {
  return neighbours.has(label);
}

/** A bit for each letter that occurs, one for any digit, one for the hyphen. */
export function lettersOf(label: string): number {
  let letters = 0;
  for (let i = 0; i < label.length; i++) {
    const at = label.charCodeAt(i) - A;
    if (at >= 0 && at < 26) letters |= 1 << at;
    else letters |= label[i] === "-" ? 1 << 27 : 1 << 26;
  }
  return letters;
}

/** How many letters occur in one of the two alone. */
export function lettersApart(a: number, b: number): number {
  const odd = a ^ b;
  const pairs = odd - ((odd >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

import { BRANDS, type Brand, isEstablished } from "../../src/core/url/brands.ts";
import confusables from "../../src/core/url/confusables.json" with { type: "json" };

/** A host made to look like a brand's, and how. */
export interface Pair {
  readonly kind: string;
  readonly host: string;
  readonly brand: Brand;
}

const KEYS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
const GLYPHS: Readonly<Record<string, string>> = {
  l: "1",
  i: "1",
  o: "0",
  m: "rn",
  w: "vv",
  d: "cl",
  s: "5",
  e: "3",
  a: "4",
};
// Written apart from the detector's own lists.
const BAIT = [
  "login",
  "verify",
  "secure",
  "account",
  "support-login",
  "signin",
  "wallet",
  "unlock",
  "verification",
  "security",
  "recovery",
  "claim",
  "konto-sperrung",
  "verifica",
  "connexion",
];
const SUFFIXES = ["com", "net", "org", "xyz", "top", "online", "info", "co", "de", "site"];
const ABUSED = ["xyz", "top", "online", "site", "live", "shop", "icu", "click", "vip", "tk"];

/**
 * The thousand brands that a name can stand for alone: four letters or more and no everyday word, in the table's order.
 */
export const TARGETS: readonly Brand[] = BRANDS.filter(({ label, isCommon }) => !isCommon && label.length >= 4).slice(
  0,
  1000,
);

/** Park and Miller's generator: the same pairs on every run. */
function randomFrom(seed: number): <T>(list: readonly T[]) => T {
  let state = seed;
  return (list) => {
    state = (state * 48271) % 2147483647;
    const one = list[state % list.length];
    if (one === undefined) throw new RangeError("nothing to choose from");
    return one;
  };
}

const foreign = Object.entries<string>({ ...confusables.more, ...confusables.uts39 }).filter(
  ([, ascii]) => ascii.length === 1,
);

/** Fourteen pairs a brand where its letters allow them; edits only of names of six letters and more. */
export function lookalikePairs(seed = 7): Pair[] {
  const pick = randomFrom(seed);
  return TARGETS.flatMap((brand) =>
    pairsOf(brand, pick).filter(({ kind, host }) => IN_PLACE.has(kind) || !isRealName(host)),
  );
}

/** Kinds that keep the brand's own label. */
const IN_PLACE: ReadonlySet<string> = new Set(["suffix", "brand in subdomain"]);

/** What was changed into another brand's or an established name is no imitation. */
function isRealName(host: string): boolean {
  const label = host.split(".")[0] ?? "";
  return isEstablished(label) || BRANDS.some((brand) => brand.label === label);
}

function pairsOf(brand: Brand, pick: <T>(list: readonly T[]) => T): Pair[] {
  const { label } = brand;
  const pair = (kind: string, name: string, suffix = pick(SUFFIXES)): Pair => ({
    kind,
    host: `${name}.${suffix}`,
    brand,
  });
  const places = [...label].map((_, at) => at);
  const inner = places.slice(1);
  const replace = (at: number, by: string, length = 1) => label.slice(0, at) + by + label.slice(at + length);
  const pairs: Pair[] = [];
  const swappable = foreign.filter(([, ascii]) => label.includes(ascii));
  if (swappable.length > 0) {
    for (let i = 0; i < 3; i++) {
      const [letter, ascii] = pick(swappable);
      pairs.push(pair("homograph, one letter", label.replace(ascii, letter), "com"));
    }
    const whole = [...label].map(
      (letter) => pick(foreign.filter(([, ascii]) => ascii === letter).concat([[letter, letter]]))[0],
    );
    if (whole.join("") !== label) pairs.push(pair("homograph, many letters", whole.join(""), "com"));
  }
  const glyphs = places.filter((at) => GLYPHS[label[at] ?? ""] !== undefined);
  if (glyphs.length > 0) {
    const at = pick(glyphs);
    pairs.push(pair("glyph", replace(at, GLYPHS[label[at] ?? ""] ?? "")));
  }
  pairs.push(
    pair("combosquat, hyphen", `${label}-${pick(BAIT)}`),
    pair("combosquat, before", `${pick(BAIT)}-${label}`),
  );
  pairs.push(
    pair(
      "brand in subdomain",
      `${brand.domains[0]}.${pick(BAIT)}-${pick(["id", "help", "page"])}${pick([1, 22, 333])}`,
    ),
  );
  if (label.length >= 5) pairs.push(pair("suffix", label, pick(ABUSED)));
  if (label.length >= 6) {
    pairs.push(pair("combosquat, joined", `${label}${pick(BAIT).replace("-", "")}`));
    pairs.push(pair("hyphenated", hyphenated(label, pick(inner))));
    const at = pick(inner);
    pairs.push(pair("omission", replace(at, "")));
    pairs.push(pair("repetition", replace(at, (label[at] ?? "").repeat(2))));
    const swap = pick(inner.slice(0, -1));
    pairs.push(pair("transposition", replace(swap, `${label[swap + 1]}${label[swap]}`, 2)));
    const key = pick(inner);
    pairs.push(pair("neighbouring key", replace(key, pick(keysBeside(label[key] ?? "")))));
    pairs.push(pair("addition", `${label}${pick([..."abcdefghijklmnopqrtuvwxyz"])}`));
  }
  // Swapping two equal letters changes nothing.
  return pairs.filter(
    ({ kind, host }) => kind === "suffix" || host.split(".")[0] !== label || kind === "brand in subdomain",
  );
}

function hyphenated(label: string, at: number): string {
  return `${label.slice(0, at)}-${label.slice(at)}`;
}

function keysBeside(letter: string): readonly string[] {
  const row = KEYS.find((keys) => keys.includes(letter));
  if (!row) return ["x"];
  const at = row.indexOf(letter);
  return [row[at - 1], row[at + 1]].filter((key) => key !== undefined);
}

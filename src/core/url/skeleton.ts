import confusables from "./confusables.json" with { type: "json" };

const PROTOTYPES: Readonly<Record<string, string>> = confusables.uts39;
/** And what looks alike at a glance although the standard has another prototype. */
const ALIKE: Readonly<Record<string, string>> = { ...confusables.more, ...confusables.uts39 };

/**
 * The ASCII letters and digits that a label looks like, after the skeleton of UTS #39 restricted to ASCII prototypes;
 * unlike there, combining marks are dropped, for few readers see the dot under `paypạl`. What looks like nothing in
 * ASCII stays as it is.
 */
export function asciiSkeleton(label: string): string {
  return PLAIN.test(label) ? label : lookedUp(label, ALIKE);
}

/** No letter of ASCII looks up to another one. */
const PLAIN = /^[a-z0-9_-]*$/;

function lookedUp(label: string, table: Readonly<Record<string, string>>): string {
  const bare = label.normalize("NFD").replace(/\p{M}+/gu, "");
  return [...bare].map((character) => table[character] ?? character).join("");
}

const GLYPHS: readonly (readonly [RegExp, string])[] = [
  [/rn/g, "m"],
  [/vv|uu/g, "w"],
  [/cl/g, "d"],
  [/[1i]/g, "l"],
  [/0/g, "o"],
  [/[5$]/g, "s"],
  [/3/g, "e"],
  [/4/g, "a"],
  [/7/g, "t"],
  [/8/g, "b"],
  [/[69]/g, "g"],
  [/2/g, "z"],
];

/** Equal for ASCII labels that look alike at a glance: `paypaI`, `paypa1` and `paypal`; `rnicrosoft` and `microsoft`. */
export function glyphFold(label: string): string {
  return GLYPHS.reduce((folded, [from, to]) => folded.replace(from, to), label);
}

const SCRIPTS = {
  latin: /\p{Script=Latin}/u,
  cyrillic: /\p{Script=Cyrillic}/u,
  greek: /\p{Script=Greek}/u,
  han: /\p{Script=Han}/u,
  kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  hangul: /\p{Script=Hangul}/u,
  other:
    /[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Common}\p{Script=Inherited}]/u,
};

/**
 * Letters of scripts that no language writes together, by the "highly restrictive" level of UTS #39, 5.2: Latin goes
 * with the scripts of Chinese, Japanese and Korean alone.
 */
export function isMixedScript(label: string): boolean {
  const found = Object.entries(SCRIPTS)
    .filter(([, script]) => script.test(label))
    .map(([name]) => name);
  const others = found.filter((name) => name !== "latin" && name !== "han");
  const isEastAsian = others.length === 0 || (others.length === 1 && /^(kana|hangul)$/.test(others[0] ?? ""));
  return found.length > 1 && !isEastAsian;
}

/** Not one Latin letter, and yet every letter looks like one (UTS #39, 4.1, whole-script confusables). */
export function isWholeScriptConfusable(label: string): boolean {
  return !/[a-z]/.test(label) && /[^\p{ASCII}]/u.test(label) && /^[a-z0-9-]+$/.test(lookedUp(label, PROTOTYPES));
}

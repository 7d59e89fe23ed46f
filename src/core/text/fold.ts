/**
 * Folding makes spellings that a reader takes for the same text equal, and remembers where everything came from.
 *
 * Each code point folds on its own: compatibility form (NFKD), marks and invisible characters dropped, case removed,
 * any white space a space, any other sign an ASCII one, a lone surrogate U+FFFD. Runs of spaces then become one.
 */

/** A folded copy of a text. */
export interface Folded {
  readonly text: string;
  /** For each UTF-16 unit of `text` the offset of its code point in the original, then the original's length. */
  readonly starts: readonly number[];
}

/** UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Never throws, whatever the text; folding what is folded changes nothing. */
export function fold(original: string): Folded {
  const starts: number[] = [];
  let text = "";
  let at = 0;
  let isAfterSpace = false;
  for (const char of original) {
    for (const kept of foldChar(char)) {
      if (kept === " " && isAfterSpace) continue;
      isAfterSpace = kept === " ";
      text += kept;
      for (let unit = 0; unit < kept.length; unit++) starts.push(at);
    }
    at += char.length;
  }
  starts.push(at);
  return { text, starts };
}

/**
 * Where a non-empty stretch of the folded text stands in the original. A span covers whole characters and takes along
 * the marks and invisible characters that follow its last one.
 */
export function originalSpan({ starts }: Folded, start: number, end: number): Span {
  const last = starts[end - 1] ?? 0;
  let after = end;
  while (starts[after] === last && after < starts.length - 1) after++;
  return { start: starts[start] ?? 0, end: starts[after] ?? last };
}

const IGNORED = /[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const DASH = /(?![\0-\x7f])\p{Pd}/gu;
const QUOTE = /(?![\0-\x7f])[\p{Pi}\p{Pf}]/gu;
const SIGN = /(?![\0-\x7f])[\p{P}\p{S}\p{Z}]/gu;
const LONE_SURROGATE = /\p{Cs}/u;

/** Folding a script's letters once is enough; the bound keeps a hostile page from filling the memory. */
const MAX_REMEMBERED = 1 << 16;
const remembered = new Map<string, string>();

function foldChar(char: string): string {
  const known = remembered.get(char);
  if (known !== undefined) return known;
  const folded = foldUnknown(char);
  if (remembered.size < MAX_REMEMBERED) remembered.set(char, folded);
  return folded;
}

function foldUnknown(char: string): string {
  if (LONE_SURROGATE.test(char) || char === "\ufffd") return "\ufffd";
  // Upper case first: it opens ß to ss and takes ı, ſ and ς home.
  const plain = char.normalize("NFKD").replace(IGNORED, "").toUpperCase().toLowerCase().normalize("NFKD");
  const bare = plain.replace(IGNORED, "").replace(/\s/gu, " ").normalize("NFC");
  const folded = bare.replace(DASH, "-").replace(QUOTE, '"').replace(SIGN, ",");
  if (folded === char) return folded;
  return Array.from(folded, foldUnknown).join("");
}

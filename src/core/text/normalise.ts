import confusables from "./confusables.json" with { type: "json" };

/**
 * Normalising makes spellings that a reader takes for the same text equal, and remembers where everything came from.
 *
 * Each code point is read on its own: compatibility form (NFKD), marks and invisible characters dropped, case removed,
 * letters of other scripts that look Latin made Latin, tag characters (an invisible copy of ASCII) made visible, any
 * white space a space, any other sign an ASCII one, a lone surrogate U+FFFD. Runs of spaces then become one.
 * `workshop/text_normalise.py` does the same.
 */
export interface Normalised {
  readonly text: string;
  /** For each UTF-16 unit of `text` the offset of its code point in the original, then the original's length. */
  readonly starts: Uint32Array;
}

/** UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const SPACE = 0x20;
/** More than any code point becomes. */
const LONGEST_CHAR = 64;

/** Filled anew by each call, so that short texts cost no garbage. */
let units = new Uint16Array(1 << 14);
let starts = new Uint32Array(units.length);
let filled = 0;

/** Never throws, whatever the text; normalising what is normal changes nothing. */
export function normalise(original: string): Normalised {
  filled = 0;
  for (let at = 0; at < original.length; ) {
    if (filled + LONGEST_CHAR > units.length) [units, starts] = [grown(units), grown(starts)];
    const code = original.charCodeAt(at);
    if (code < 0x80) keep(ASCII[code] ?? SPACE, at++);
    else {
      const char = String.fromCodePoint(original.codePointAt(at) ?? code);
      const plain = normaliseChar(char);
      for (let i = 0; i < plain.length; i++) keep(plain.charCodeAt(i), at);
      at += char.length;
    }
  }
  starts[filled] = original.length;
  return { text: UTF16.decode(units.subarray(0, filled)), starts: starts.slice(0, filled + 1) };
}

/** A space after a space is none. */
function keep(unit: number, at: number): void {
  if (unit === SPACE && filled > 0 && units[filled - 1] === SPACE) return;
  units[filled] = unit;
  starts[filled++] = at;
}

/**
 * Where a non-empty stretch of the normalised text stands in the original. A span covers whole characters and takes
 * along the marks and invisible characters that follow its last one.
 */
export function originalSpan({ starts }: Pick<Normalised, "starts">, start: number, end: number): Span {
  const last = starts[end - 1] ?? 0;
  let after = end;
  while (starts[after] === last && after < starts.length - 1) after++;
  return { start: starts[start] ?? 0, end: starts[after] ?? last };
}

function grown<A extends Uint16Array | Uint32Array>(list: A): A {
  const longer = list instanceof Uint16Array ? new Uint16Array(list.length * 2) : new Uint32Array(list.length * 2);
  longer.set(list);
  return longer as A;
}

/** Every machine that runs a browser today is little-endian. */
const UTF16 = new TextDecoder("utf-16le", { ignoreBOM: true });

const ASCII = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const char = String.fromCharCode(code);
  return /\s/.test(char) ? SPACE : char.toLowerCase().charCodeAt(0);
});

const LOOK_ALIKES = new Map(
  Object.entries(confusables).flatMap(([letter, alike]) => Array.from(alike, (one) => [one, letter] as const)),
);
const IGNORED = /[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const DASH = /(?![\0-\x7f])\p{Pd}/gu;
const QUOTE = /(?![\0-\x7f])[\p{Pi}\p{Pf}]/gu;
const SIGN = /(?![\0-\x7f])[\p{P}\p{S}\p{Z}]/gu;
const LONE_SURROGATE = /\p{Cs}/u;

/** Reading a script's letters once is enough; the bound keeps a hostile page from filling the memory. */
const MAX_REMEMBERED = 1 << 16;
const remembered = new Map<string, string>();

function normaliseChar(char: string): string {
  const known = remembered.get(char);
  if (known !== undefined) return known;
  const plain = normaliseUnknown(char);
  if (remembered.size < MAX_REMEMBERED) remembered.set(char, plain);
  return plain;
}

function normaliseUnknown(char: string): string {
  if (LONE_SURROGATE.test(char) || char === "\ufffd") return "\ufffd";
  const shown = shownBy(char.codePointAt(0) ?? 0) ?? LOOK_ALIKES.get(char);
  if (shown !== undefined) return shown;
  // Upper case first: it opens ß to ss and takes ı, ſ and ς home.
  const plain = char.normalize("NFKD").replace(IGNORED, "").toUpperCase().toLowerCase().normalize("NFKD");
  const bare = plain.replace(IGNORED, "").replace(/\s/gu, " ").normalize("NFC");
  const folded = bare.replace(DASH, "-").replace(QUOTE, '"').replace(SIGN, ",");
  if (folded === char) return folded;
  return Array.from(folded, normaliseUnknown).join("");
}

/** First code points of alphabets that have no compatibility form: regional, negative circled, negative squared. */
const ALPHABETS = [0x1f1e6, 0x1f150, 0x1f170];
const FIRST_TAG = 0xe0020;
const LAST_TAG = 0xe007e;

/** The ASCII character that a tag or an enclosed letter stands for. */
function shownBy(code: number): string | undefined {
  if (code >= FIRST_TAG && code <= LAST_TAG) return String.fromCharCode(ASCII[code - FIRST_TAG + SPACE] ?? SPACE);
  const first = ALPHABETS.find((start) => code >= start && code < start + 26);
  return first === undefined ? undefined : String.fromCharCode(0x61 + code - first);
}

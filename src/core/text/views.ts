import { type Normalised, normalise, type Span } from "./normalise.ts";

/** How a text was read: as it stands, or through a disguise that it may wear. */
export const VIEWS = ["plain", "leet", "spaced", "encoded"] as const;
export type View = (typeof VIEWS)[number];

/** One reading of a text, with the way back to the original. */
export interface Reading extends Normalised {
  readonly view: View;
}

/** All readings that may differ from the plain one, which comes first. */
export function views(original: string): Reading[] {
  const plain = normalise(original);
  const { isSpaced, isEncoded, isLeet } = suspicionsOf(original);
  return [
    { ...plain, view: "plain" },
    ...(isLeet ? unleeted(plain) : []),
    ...(isSpaced ? unspaced(original) : []),
    ...(isEncoded ? decoded(original) : []),
  ];
}

const SPACE = 0x20;
/** So many short tokens in a row are worth a closer look. */
const FEW = 3;
const MANY = 8;
const LONG = 16;
const MAX_BYTE = 5;

interface Suspicions {
  readonly isSpaced: boolean;
  readonly isEncoded: boolean;
  readonly isLeet: boolean;
}

/** One cheap look, so that ordinary text pays for no expression. */
function suspicionsOf(text: string): Suspicions {
  let [found, singles, bytes] = [0, 0, 0];
  for (let start = skip(text, 0, true), end = 0; start < text.length; start = skip(text, end, true)) {
    end = skip(text, start, false);
    const token = tokenAt(text, start, end);
    singles = token & SINGLE ? singles + 1 : 0;
    bytes = token & BYTE ? bytes + 1 : 0;
    found |= token | (singles === FEW ? PARTED : 0) | (bytes === MANY ? ENCODED : 0);
  }
  return { isSpaced: (found & PARTED) > 0, isEncoded: (found & ENCODED) > 0, isLeet: (found & LEET_SIGN) > 0 };
}

/** The next place that is not, or is, white space. */
function skip(text: string, from: number, isSpace: boolean): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= SPACE === isSpace) at++;
  return at;
}

/** What a run without white space may be. */
const [SINGLE, BYTE, PARTED, ENCODED, LEET_SIGN] = [1, 2, 4, 8, 16];

function tokenAt(text: string, start: number, end: number): number {
  const length = end - start;
  let [odd, every, some] = [0, HEX, 0];
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    const kind = code < 0x80 ? (KINDS[code] ?? 0) : LETTER;
    odd += kind & ODD;
    every &= kind;
    some |= kind;
  }
  const isParted = length >= MAX_BYTE && text.charCodeAt(start + 1) === text.charCodeAt(start + 3);
  const isLeet = (some & STAND_IN) > 0 && (some & LETTER) > 0 && LEET_WORD.test(text.slice(start, end));
  return (
    (length <= 2 ? SINGLE : 0) |
    (length <= MAX_BYTE && every ? BYTE : 0) |
    (length >= LONG && odd >= FEW ? ENCODED : 0) |
    (isParted ? PARTED : 0) |
    (isLeet ? LEET_SIGN : 0)
  );
}

/** Digits or signs between two letters, as no ordinary word but a few names (`i18n`) has them. */
const LEET_WORD = /[a-z][013457-9@$!|+]{1,4}[a-z]/i;
/** Bits of what a character may be. */
const [ODD, LETTER, STAND_IN, HEX] = [1, 2, 4, 8];
const KINDS = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const char = String.fromCharCode(code);
  const is = (expression: RegExp, kind: number) => (expression.test(char) ? kind : 0);
  return is(/[A-Z0-9]/, ODD) | is(/[a-z]/i, LETTER) | is(/[013457-9@$!|+]/, STAND_IN) | is(/[0-9a-fx\\%,]/i, HEX);
});

/** Of a word: a letter beside what may be one. */
const MAY_BE_LEET = /[a-z][0-9@$!|+]|[0-9@$][a-z]/;
const WORD = /[a-z0-9@$!|+]+/g;
const LEET: Readonly<Record<string, string>> = Object.fromEntries(
  "0o 3e 4a 5s 7t 8b 9g @a $s +t".split(" ").map((pair) => [pair[0], pair[1]]),
);
/** What `1`, `!` and `|` may stand for, one reading each; two together are `ll` in both. */
const UPRIGHTS = ["i", "l"];

function unleeted({ text, starts }: Normalised): Reading[] {
  const read = (upright: string) => text.replace(WORD, (word) => unleetedWord(word, upright));
  return [...new Set(UPRIGHTS.map(read))].map((spelt) => ({ view: "leet", text: spelt, starts }));
}

/** Of the same length; exclamation marks at the end stay, and so does what holds no letter. */
function unleetedWord(word: string, upright: string): string {
  if (!MAY_BE_LEET.test(word)) return word;
  const end = word.length - (/[!|+]{1,64}$/.exec(word)?.[0].length ?? 0);
  const letters = Array.from(
    word.slice(0, end).replaceAll("11", "ll"),
    (sign) => LEET[sign] ?? (/[1!|]/.test(sign) ? upright : sign),
  );
  return letters.join("") + word.slice(end);
}

/** Three characters or more, each apart from the next by the same space or sign: `i g n o r e`, `i.g.n.o.r.e`. */
const SPACED_WORD = /(?<!\S)[\p{L}\p{N}@$!](?:( |[-._*·~^/\\])[\p{L}\p{N}@$!])(?:\1[\p{L}\p{N}@$!]){1,40}(?!\S)/gu;

/** Letters that stand apart, put together; two spaces or a line break part words then. */
function unspaced(original: string): Reading[] {
  const kept: string[] = [];
  const origins: number[] = [];
  let done = 0;
  const keep = (start: number, end: number) => {
    kept.push(original.slice(start, end));
    for (let at = start; at < end; at++) origins.push(at);
  };
  for (const { index, 0: word, 1: separator = "" } of original.matchAll(SPACED_WORD)) {
    keep(done, index);
    for (let at = index; at < index + word.length; at++) if (original[at] !== separator) keep(at, at + 1);
    done = index + word.length;
  }
  if (done === 0) return [];
  keep(done, original.length);
  origins.push(original.length);
  const { text, starts } = normalise(kept.join(""));
  return [{ view: "spaced", text, starts: starts.map((at) => origins[at] ?? original.length) }];
}

const BASE64 = /(?<![\w+/-])[A-Za-z0-9+/_-]{16,20000}={0,2}(?![\w+/-])/g;
const HEX_RUN = /(?<!\w)(?:(?:\\x|0x|%)?[0-9a-fA-F]{2}[ ,]{0,2}){8,10000}(?!\w)/g;
const MAX_RUNS = 50;

/** Each base64 or hexadecimal run that holds readable text; a match anywhere in it points to the whole run. */
function decoded(original: string): Reading[] {
  const runs = [
    ...spansOf(BASE64, original).map((span) => ({ span, bytes: fromBase64(original.slice(span.start, span.end)) })),
    ...spansOf(HEX_RUN, original).map((span) => ({ span, bytes: fromHex(original.slice(span.start, span.end)) })),
  ];
  return runs.flatMap(({ span, bytes }) => {
    const text = readable(bytes);
    if (text === undefined) return [];
    const plain = normalise(text);
    const starts = new Uint32Array(plain.starts.length).fill(span.start);
    starts[starts.length - 1] = span.end;
    return [{ view: "encoded", text: plain.text, starts }];
  });
}

function spansOf(expression: RegExp, text: string): Span[] {
  const found: Span[] = [];
  for (const { index, 0: run } of text.matchAll(expression)) {
    found.push({ start: index, end: index + run.trimEnd().length });
    if (found.length === MAX_RUNS) break;
  }
  return found;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** RFC 4648, both alphabets, padding not asked for. */
function fromBase64(run: string): Uint8Array {
  const digits = run.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let [bits, held, filled] = [0, 0, 0];
  for (const digit of digits) {
    bits = ((bits << 6) | DIGITS.indexOf(digit)) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[filled++] = (bits >> held) & 0xff;
  }
  return bytes;
}

function fromHex(run: string): Uint8Array {
  const pairs = run.replace(/\\x|0x|[%, ]/g, "").match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

/** The bytes as text; undefined where they are not UTF-8, or are not made of words. */
function readable(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return /^[\p{L}\p{N}\p{M}\p{P}\p{S}\s]+$/u.test(text) && /\p{L}{3}/u.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

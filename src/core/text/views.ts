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
  return [{ ...plain, view: "plain" }, ...unleeted(plain), ...unspaced(original), ...decoded(original)];
}

/** A letter beside a digit or a sign that could be one. */
const IS_LEET = /[a-z][0-9@$]|[0-9@$][a-z]|[a-z][!|+][a-z0-9]/;
const WORD = /[a-z0-9@$!|+]+/g;
const LEET: Readonly<Record<string, string>> = Object.fromEntries(
  "0o 3e 4a 5s 7t 8b 9g @a $s +t".split(" ").map((pair) => [pair[0], pair[1]]),
);
/** What `1`, `!` and `|` may stand for, one reading each; two together are `ll` in both. */
const UPRIGHTS = ["i", "l"];

function unleeted({ text, starts }: Normalised): Reading[] {
  if (!IS_LEET.test(text)) return [];
  const read = (upright: string) => text.replace(WORD, (word) => unleetedWord(word, upright));
  return [...new Set(UPRIGHTS.map(read))].map((spelt) => ({ view: "leet", text: spelt, starts }));
}

/** Of the same length; exclamation marks at the end stay, and so does what holds no letter. */
function unleetedWord(word: string, upright: string): string {
  if (!IS_LEET.test(word)) return word;
  const end = word.length - (/[!|+]{1,64}$/.exec(word)?.[0].length ?? 0);
  const letters = Array.from(
    word.slice(0, end).replaceAll("11", "ll"),
    (sign) => LEET[sign] ?? (/[1!|]/.test(sign) ? upright : sign),
  );
  return letters.join("") + word.slice(end);
}

/** Three characters or more, each apart from the next by the same space or sign: `i g n o r e`, `i.g.n.o.r.e`. */
const SPACED_WORD = /(?<![^\s])\S(?:( |[-._*·~^/\\])\S)(?:\1\S){1,40}(?!\S)/gu;

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
const HEX = /(?<!\w)(?:(?:\\x|0x|%)?[0-9a-fA-F]{2}[ ,]{0,2}){8,10000}(?!\w)/g;
const MAX_RUNS = 50;

/** Each base64 or hexadecimal run that holds readable text; a match anywhere in it points to the whole run. */
function decoded(original: string): Reading[] {
  const runs = [
    ...spansOf(BASE64, original).map((span) => ({ span, bytes: fromBase64(original.slice(span.start, span.end)) })),
    ...spansOf(HEX, original).map((span) => ({ span, bytes: fromHex(original.slice(span.start, span.end)) })),
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

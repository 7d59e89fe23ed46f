import { originalSpan } from "./normalise.ts";
import type { Pattern } from "./pattern-table.ts";
import type { Reading, View } from "./views.ts";

const SPACE = 0x20;
/** Of one pattern; also as many spans as a finding points to. */
export const MAX_SPANS = 20;
/** How far before a match its lead (a negation, the start of the sentence) is looked for, in folded units. */
const LEAD_LENGTH = 64;

/** What one pattern found, with its place in the original. */
export interface Match {
  readonly pattern: Pattern;
  /** The disguise under which it was found. */
  readonly view: View;
  readonly start: number;
  readonly end: number;
}

/**
 * A trie over what matches begin with, so that a word meets only the patterns it could belong to. Its alphabet is of
 * classes: letters and digits, any sign as a space, and all beyond ASCII as one.
 */
export interface Index {
  /** `next[node * CLASSES + class]`; 0, the root, where nothing begins so. */
  readonly next: Int32Array;
  /** By node: those of which a beginning ends there. */
  readonly patterns: readonly (readonly Pattern[] | undefined)[];
}

const CLASSES = 38;
const SIGN = 36;
const BEYOND_ASCII = 37;
const ASCII_CLASSES = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const char = String.fromCharCode(code);
  return /[a-z0-9]/.test(char) ? Number.parseInt(char, 36) : SIGN;
});

/** In normalised text every unit beyond ASCII belongs to a word. */
function classOf(unit: number): number {
  return unit < 0x80 ? (ASCII_CLASSES[unit] ?? SIGN) : BEYOND_ASCII;
}

/** Built once for a table. */
export function indexOf(patterns: readonly Pattern[]): Index {
  const next = [new Int32Array(CLASSES)];
  const ending: Pattern[][] = [[]];
  for (const pattern of patterns) {
    for (const beginning of pattern.beginnings) {
      let node = 0;
      for (let at = 0; at < beginning.length; at++) {
        const row = next[node] ?? new Int32Array(CLASSES);
        const kind = classOf(beginning.charCodeAt(at));
        node = row[kind] || next.push(new Int32Array(CLASSES)) - 1;
        row[kind] = node;
      }
      ending[node] = [...(ending[node] ?? []), pattern];
    }
  }
  const flat = new Int32Array(next.length * CLASSES);
  for (const [node, row] of next.entries()) flat.set(row, node * CLASSES);
  return { next: flat, patterns: ending };
}

/** What one reading shows at a place, a later one does not show again. At most `MAX_SPANS` of one pattern. */
export function matchesIn(readings: readonly Reading[], index: Index): Match[] {
  const found = new Map<Pattern, Match[]>();
  for (const reading of readings) collect(reading, index, found);
  return [...found.values()].flat();
}

function collect(reading: Reading, index: Index, found: Map<Pattern, Match[]>): void {
  const { text } = reading;
  let isInside = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const kind = classOf(unit);
    const isInWord = kind !== SIGN;
    if (unit !== SPACE && !(isInWord && isInside)) follow(at, kind, reading, index, found);
    isInside = isInWord;
  }
}

/** Tries the patterns of which a beginning stands at a place. */
function follow(at: number, kind: number, reading: Reading, index: Index, found: Map<Pattern, Match[]>): void {
  const { text } = reading;
  let node = index.next[kind] ?? 0;
  for (let after = at + 1; node > 0; after++) {
    for (const pattern of index.patterns[node] ?? []) collectAt(pattern, at, reading, found);
    const following = after < text.length ? classOf(text.charCodeAt(after)) : SIGN;
    node = index.next[node * CLASSES + following] ?? 0;
  }
}

function collectAt(pattern: Pattern, at: number, reading: Reading, found: Map<Pattern, Match[]>): void {
  const end = matchEnd(pattern, reading.text, at);
  if (end === undefined) return;
  const matches = found.get(pattern) ?? [];
  const span = originalSpan(reading, at, end);
  const isSeen = matches.some((match) => span.start < match.end && match.start < span.end);
  if (isSeen || matches.length === MAX_SPANS) return;
  found.set(pattern, matches);
  matches.push({ pattern, view: reading.view, ...span });
}

/** Where the pattern's match that begins here ends; undefined without one that is meant. */
function matchEnd(pattern: Pattern, text: string, at: number): number | undefined {
  const { expression, after, unless } = pattern;
  expression.lastIndex = at;
  if (!expression.test(text)) return undefined;
  const lead = text.slice(Math.max(0, at - LEAD_LENGTH), at);
  const isMeant = (after?.test(lead) ?? true) && !unless?.test(lead);
  return isMeant ? expression.lastIndex : undefined;
}

import type { Detector, Evidence, Probability, Signal, TextSubject } from "../types.ts";
import { originalSpan } from "./normalise.ts";
import { type Pattern, readPatterns } from "./pattern-table.ts";
import table from "./patterns.json" with { type: "json" };
import { type Reading, type View, views } from "./views.ts";

/** Phrases of prompt injection and jailbreak in English, Spanish, French, Italian and German. */
export const PATTERNS: readonly Pattern[] = readPatterns(table);

const ID = "text/patterns";
const SPACE = 0x20;
const MAX_SPANS = 20;
/** Nobody writes an instruction in leet, spaced letters or base64 by chance: a sign of its own beside the pattern's. */
const DISGUISED: Probability = 0.8;
/** How far before a match its lead (a negation, the start of the sentence) is looked for, in folded units. */
const LEAD_LENGTH = 64;

interface Match {
  readonly pattern: Pattern;
  /** The disguise under which it was found. */
  readonly view: View;
  readonly start: number;
  readonly end: number;
}

/** The fast first line: at most one signal a category, every match of it a span that can be shown. */
export function patternDetector(patterns: readonly Pattern[] = PATTERNS): Detector<TextSubject> {
  const categories = [...new Set(patterns.map((pattern) => pattern.category))];
  const index = indexOf(patterns);
  return {
    id: ID,
    kind: "text",
    categories,
    async detect(subjects, signal) {
      return subjects.map(({ text }) => {
        signal.throwIfAborted();
        const matches = matchesIn(text, index);
        return categories.flatMap((category) => signalOf(matches.filter((m) => m.pattern.category === category)));
      });
    },
  };
}

/** A trie over what matches begin with, every sign as a space, so that a word meets only the patterns it could belong to. */
interface Index {
  readonly patterns: Pattern[];
  readonly next: Map<number, Index>;
}

function indexOf(patterns: readonly Pattern[]): Index {
  const root: Index = { patterns: [], next: new Map() };
  for (const pattern of patterns) {
    for (const beginning of pattern.beginnings) nodeAt(root, beginning).patterns.push(pattern);
  }
  return root;
}

function nodeAt(root: Index, beginning: string): Index {
  let node = root;
  for (let at = 0; at < beginning.length; at++) {
    const unit = beginning.charCodeAt(at);
    const next = node.next.get(unit) ?? { patterns: [], next: new Map() };
    node.next.set(unit, next);
    node = next;
  }
  return node;
}

const isWord = Uint8Array.from({ length: 0x80 }, (_, code) => Number(/[a-z0-9]/.test(String.fromCharCode(code))));

/** In normalised text every unit beyond ASCII belongs to a word. */
function isWordUnit(unit: number): boolean {
  return unit >= 0x80 || isWord[unit] === 1;
}

/** What one reading shows at a place, a later one does not show again. */
function matchesIn(original: string, index: Index): Match[] {
  const found = new Map<Pattern, Match[]>();
  for (const reading of views(original)) collect(reading, index, found);
  return [...found.values()].flat();
}

function collect(reading: Reading, index: Index, found: Map<Pattern, Match[]>): void {
  const { text } = reading;
  let isInside = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const isInWord = isWordUnit(unit);
    const isStart = unit !== SPACE && !(isInWord && isInside);
    isInside = isInWord;
    if (!isStart) continue;
    let node = index.next.get(isInWord ? unit : SPACE);
    for (let next = at + 1; node; next++) {
      for (const pattern of node.patterns) collectAt(pattern, at, reading, found);
      const following = text.charCodeAt(next);
      node = node.next.get(isWordUnit(following) ? following : SPACE);
    }
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

function signalOf(matches: readonly Match[]): Signal[] {
  const [first] = matches;
  if (!first) return [];
  return [{ category: first.pattern.category, score: scoreOf(matches), detector: ID, evidence: evidenceOf(matches) }];
}

/**
 * Noisy-or over the groups, each counted once at its best. Ordinary words of technical pages (below one half) raise a
 * suspicion but never add up to one.
 */
function scoreOf(matches: readonly Match[]): Probability {
  const best = new Map<string, Probability>();
  for (const { pattern } of matches) {
    best.set(pattern.group, Math.max(pattern.confidence, best.get(pattern.group) ?? 0));
  }
  const strongest = Math.max(...best.values());
  if (strongest < 0.5) return strongest;
  if (matches.some(({ view }) => view !== "plain")) best.set("character_injection", DISGUISED);
  return 1 - [...best.values()].reduce((doubt, confidence) => doubt * (1 - confidence), 1);
}

/** The surest spans, one rule each, in the order of the text. */
function evidenceOf(matches: readonly Match[]): Evidence[] {
  const spans = new Map<string, Match>();
  for (const match of matches.toSorted((a, b) => b.pattern.confidence - a.pattern.confidence || a.start - b.start)) {
    const key = `${match.start}-${match.end}`;
    if (!spans.has(key)) spans.set(key, match);
  }
  const disguises = new Set(matches.flatMap(({ view }) => (view === "plain" ? [] : [view])));
  return [
    ...[...spans.values()]
      .slice(0, MAX_SPANS)
      .sort((a, b) => a.start - b.start || a.end - b.end)
      .map(({ start, end, pattern }) => ({ kind: "span" as const, start, end, rule: pattern.id })),
    ...Array.from(disguises, (view) => ({ kind: "rule" as const, rule: "disguise", value: view })),
  ];
}

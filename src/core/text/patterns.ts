import type { Detector, Evidence, Probability, Signal, TextSubject } from "../types.ts";
import { type Folded, fold, originalSpan } from "./fold.ts";
import { type Pattern, readPatterns } from "./pattern-table.ts";
import table from "./patterns.json" with { type: "json" };

/** Phrases of prompt injection and jailbreak in English, Spanish, French, Italian and German. */
export const PATTERNS: readonly Pattern[] = readPatterns(table);

const ID = "text/patterns";
const MAX_SPANS = 20;
/** How far before a match its lead (a negation, the start of the sentence) is looked for, in folded units. */
const LEAD_LENGTH = 64;

interface Match {
  readonly pattern: Pattern;
  readonly start: number;
  readonly end: number;
}

/** The fast first line: at most one signal a category, every match of it a span that can be shown. */
export function patternDetector(patterns: readonly Pattern[] = PATTERNS): Detector<TextSubject> {
  const categories = [...new Set(patterns.map((pattern) => pattern.category))];
  return {
    id: ID,
    kind: "text",
    categories,
    async detect(subjects, signal) {
      return subjects.map(({ text }) => {
        signal.throwIfAborted();
        const matches = matchesIn(text, patterns);
        return categories.flatMap((category) => signalOf(matches.filter((m) => m.pattern.category === category)));
      });
    },
  };
}

function matchesIn(text: string, patterns: readonly Pattern[]): Match[] {
  const folded = fold(text);
  return patterns.flatMap((pattern) => matchesOf(pattern, folded));
}

/** The first matches of one pattern: more of the same would neither raise the score nor be shown. */
function matchesOf(pattern: Pattern, folded: Folded): Match[] {
  const matches: Match[] = [];
  for (const { 0: phrase, index } of folded.text.matchAll(pattern.expression)) {
    const lead = folded.text.slice(Math.max(0, index - LEAD_LENGTH), index);
    if (!isMeant(lead, pattern)) continue;
    matches.push({ pattern, ...originalSpan(folded, index, index + phrase.length) });
    if (matches.length === MAX_SPANS) break;
  }
  return matches;
}

function isMeant(lead: string, { after, unless }: Pattern): boolean {
  return (after === undefined || lead.search(after) >= 0) && (unless === undefined || lead.search(unless) < 0);
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
  return 1 - [...best.values()].reduce((doubt, confidence) => doubt * (1 - confidence), 1);
}

/** The surest spans, one rule each, in the order of the text. */
function evidenceOf(matches: readonly Match[]): Evidence[] {
  const spans = new Map<string, Match>();
  for (const match of matches.toSorted((a, b) => b.pattern.confidence - a.pattern.confidence || a.start - b.start)) {
    const key = `${match.start}-${match.end}`;
    if (!spans.has(key)) spans.set(key, match);
  }
  return [...spans.values()]
    .slice(0, MAX_SPANS)
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map(({ start, end, pattern }) => ({ kind: "span", start, end, rule: pattern.id }));
}

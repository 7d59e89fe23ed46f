import type { Detector, Evidence, Probability, Signal, TextSubject } from "../types.ts";
import { normalisedOf } from "./normalise.ts";
import { indexOf, MAX_SPANS, type Match, matchesIn } from "./pattern-search.ts";
import { type Pattern, readPatterns } from "./pattern-table.ts";
import table from "./patterns.json" with { type: "json" };
import { views } from "./views.ts";

/** Phrases of prompt injection and jailbreak in English, Spanish, French, Italian and German. */
export const PATTERNS: readonly Pattern[] = readPatterns(table);

const ID = "text/patterns";
/** Nobody writes an instruction in leet, spaced letters or base64 by chance: a sign of its own beside the pattern's. */
const DISGUISED: Probability = 0.8;

/** The fast first line: at most one signal a category, every match of it a span that can be shown. */
export function patternDetector(patterns: readonly Pattern[] = PATTERNS): Detector<TextSubject> {
  const categories = [...new Set(patterns.map((pattern) => pattern.category))];
  const index = indexOf(patterns);
  return {
    id: ID,
    kind: "text",
    categories,
    async detect(subjects, signal) {
      return subjects.map((subject) => {
        signal.throwIfAborted();
        const matches = matchesIn(views(subject.text, normalisedOf(subject)), index);
        return categories.flatMap((category) => signalOf(matches.filter((m) => m.pattern.category === category)));
      });
    },
  };
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

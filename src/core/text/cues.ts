import type { TextSubject } from "../types.ts";
import table from "./cues.json" with { type: "json" };
import { type Normalised, normalisedOf, originalSpan, type Span } from "./normalise.ts";
import { indexOf, type Match, matchesIn } from "./pattern-search.ts";
import { readPatterns } from "./pattern-table.ts";
import { segment } from "./segment.ts";

/** A chunk of a text, by its place in the original, and what in it speaks of telling a machine what to do. */
export interface Passage extends Span {
  /** Names of families of `cues.json`: whom it addresses and what it asks for. */
  readonly cues: ReadonlySet<string>;
  /** Those of them that stand between quotation marks alone. */
  readonly quoted: ReadonlySet<string>;
  /** What stands between quotation marks. */
  readonly quotes: readonly Span[];
  /** How many places show that it speaks about such orders rather than gives them. */
  readonly mentions: number;
}

/** What is asked and of whom, and what only talks about it (`mention`), in English, Spanish, French, Italian and German. */
const CUES = indexOf(readPatterns({ patterns: rowsOf(table.cues) }));
/** The family that speaks about instructions and gives none. */
const MENTION = "mention";
const ANY = "any";

function rowsOf(cues: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>) {
  return Object.entries(cues).flatMap(([group, languages]) =>
    Object.entries(languages).flatMap(([lang, expressions]) =>
      expressions.map((expression, i) => {
        const id = `${group}/${lang}/${i}`;
        return { id, group, lang, category: "injection", confidence: 0.5, expression };
      }),
    ),
  );
}

/** The chunks of a text with their cues; a chunk is read in the one language that finds most in it. */
export function passagesOf(subject: TextSubject): Passage[] {
  const normalised = normalisedOf(subject);
  return segment(normalised.text).map((chunk) => passageOf(subject.text, normalised, chunk));
}

/** Read by itself, so that no flood of cues elsewhere hides those that stand here. */
function passageOf(original: string, { text, starts }: Normalised, { start, end }: Span): Passage {
  if (start >= end) return { start: 0, end: 0, cues: new Set(), quoted: new Set(), quotes: [], mentions: 0 };
  const chunk = { text: text.slice(start, end), starts: starts.subarray(start, end + 1) };
  const found = inOneLanguage(matchesIn([{ ...chunk, view: "plain" }], CUES));
  const given = found.filter(({ pattern }) => pattern.group !== MENTION);
  const span = originalSpan(chunk, 0, end - start);
  const quotes = quotesIn(original, span);
  const plain = new Set(given.filter((match) => !quotes.some((quote) => isWithin(match, quote))).map(groupOf));
  const cues = new Set(given.map(groupOf));
  return {
    ...span,
    cues,
    quoted: new Set([...cues].filter((name) => !plain.has(name))),
    quotes,
    mentions: new Set(found.filter((match) => groupOf(match) === MENTION).map((match) => match.start)).size,
  };
}

function groupOf({ pattern }: Match): string {
  return pattern.group;
}

function inOneLanguage(matches: readonly Match[]): readonly Match[] {
  const spoken = (lang: string) => matches.filter(({ pattern }) => pattern.lang === lang || pattern.lang === ANY);
  const breadth = (found: readonly Match[]) => new Set(found.map(groupOf)).size;
  const languages = new Set(matches.map(({ pattern }) => pattern.lang));
  return Array.from(languages, spoken).sort((a, b) => breadth(b) - breadth(a))[0] ?? [];
}

function isWithin(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Of what people write and of code, each within one passage; an apostrophe counts only where no letter stands before. */
const QUOTED =
  /„[^„“”"]{3,400}[“”"]|“[^“”]{3,400}”|«[^«»]{3,400}»|»[^«»]{3,400}«|"[^"]{3,400}"|`[^`]{3,400}`|(?<!\p{L})['‘][^'‘’]{8,400}['’](?!\p{L})/gu;

function quotesIn(text: string, { start, end }: Span): Span[] {
  return Array.from(text.slice(start, end).matchAll(QUOTED), ({ index, 0: { length } }) => ({
    start: start + index,
    end: start + index + length,
  }));
}

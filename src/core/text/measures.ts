import { sigmoid } from "../math.ts";
import type { Probability } from "../types.ts";
import table from "./measures.json" with { type: "json" };
import { words } from "./tokenise.ts";

/** What is measured of a text, by family; the names are those of the reference systems. */
export const FAMILIES = {
  length: ["text_length", "word_count", "char_count", "sentence_count", "avg_word_length"],
  ratio: ["digit_ratio", "uppercase_ratio", "special_char_ratio"],
  language: ["num_sentences", "num_tokens", "avg_token_length", "readability"],
  keyword: Object.keys(table.groups).flatMap((group) => [`${group}_count`, `${group}_ratio`]),
  sequence: Object.keys(table.counts).map((name) => `${name}_count`),
} as const;

/** Name to value, every name of `FAMILIES`. */
export type Measures = Readonly<Record<string, number>>;

/** A logistic regression over standardised measures, as `workshop/measures.py` writes it. */
export interface MeasureModel {
  readonly mean: Measures;
  readonly scale: Measures;
  readonly weight: Measures;
  readonly intercept: number;
}

const all = (source: string) => new RegExp(source, "giu");
const GROUPS = Object.entries(table.groups).map(([name, sources]) => ({ name, expressions: sources.map(all) }));
const COUNTS = Object.entries(table.counts).map(([name, source]) => ({ name, expression: all(source) }));
const TOKEN = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*|[^\s\p{L}\p{N}]/gu;
const SENTENCE_END = /[.!?…。！？؟।]+(?=\s|["')\]]|$)|\n+/gu;

/**
 * Measures a text as it stands. Ratios are of all characters (keyword ratios: of all words) and 0 of an empty text;
 * `text_length` counts UTF-16 units, `char_count` what is not white space.
 * @param language ISO 639-1, for readability alone; one that has no formula is read as English.
 */
export function measuresOf(text: string, language: string): Measures {
  const spans = words(text);
  const found = spans.map(({ start, end }) => text.slice(start, end));
  const sentences = sentencesIn(text);
  const tokens = text.match(TOKEN) ?? [];
  const per = (count: number, of: number) => (of === 0 ? 0 : count / of);
  const lengthOf = (parts: readonly string[]) => parts.reduce((sum, part) => sum + part.length, 0);
  const chars = countOf(text, /\S/gu);
  const measures: Record<string, number> = {
    text_length: text.length,
    word_count: found.length,
    char_count: chars,
    sentence_count: sentences,
    avg_word_length: per(lengthOf(found), found.length),
    digit_ratio: per(countOf(text, /\p{Nd}/gu), text.length),
    uppercase_ratio: per(countOf(text, /\p{Lu}/gu), text.length),
    special_char_ratio: per(countOf(text, /[^\p{L}\p{N}\p{M}\s]/gu), text.length),
    num_sentences: sentences,
    num_tokens: tokens.length,
    avg_token_length: per(lengthOf(tokens), tokens.length),
    readability: readability(found, sentences, language),
  };
  for (const { name, expressions } of GROUPS) {
    const count = expressions.reduce((sum, expression) => sum + countOf(text, expression), 0);
    measures[`${name}_count`] = count;
    measures[`${name}_ratio`] = per(count, found.length);
  }
  for (const { name, expression } of COUNTS) measures[`${name}_count`] = countOf(text, expression);
  return measures;
}

function countOf(text: string, expression: RegExp): number {
  let count = 0;
  expression.lastIndex = 0;
  while (expression.test(text)) count++;
  return count;
}

/** Stretches that hold a letter or digit, between signs that end a sentence. */
function sentencesIn(text: string): number {
  return text.split(SENTENCE_END).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
}

/**
 * Reading ease, 0 (hard) to 100, after Flesch (1948) and those who fitted it anew: Amstad (1978, German), Fernández
 * Huerta (1959, Spanish), Kandel and Moles (1958, French), Franchina and Vacca (1972, Italian). A text without words is 0.
 */
export function readability(found: readonly string[], sentences: number, language: string): number {
  if (found.length === 0) return 0;
  const formulas: Readonly<Record<string, { base: number; sentence: number; syllable: number }>> = table.readability;
  const { base, sentence, syllable } = formulas[language] ?? table.readability.en;
  const syllables = found.reduce((sum, word) => sum + syllablesOf(word, language), 0);
  const ease = base - (sentence * found.length) / Math.max(1, sentences) - (syllable * syllables) / found.length;
  return Math.min(100, Math.max(0, ease));
}

const VOWELS = /[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœ]+/giu;

/** Groups of vowels, at least one; in English a last silent `e` is none. An estimate: hiatus counts once. */
export function syllablesOf(word: string, language: string): number {
  const groups = countOf(word, VOWELS);
  const isSilent = language === "en" && groups > 1 && /[^aeiouyl]e$/i.test(word);
  return Math.max(1, groups - Number(isSilent));
}

/** How much the measures speak of an instruction to an AI; see models/text-measures for how little that is. */
export function scoreOfMeasures(measures: Measures, { mean, scale, weight, intercept }: MeasureModel): Probability {
  const terms = Object.entries(weight).map(
    ([name, value]) => (value * ((measures[name] ?? 0) - (mean[name] ?? 0))) / (scale[name] ?? 1),
  );
  return sigmoid(terms.reduce((sum, term) => sum + term, intercept));
}

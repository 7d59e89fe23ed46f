import type { Span } from "./normalise.ts";

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** Where the words of a text stand: runs of letters and digits with their marks. */
export function words(text: string): Span[] {
  return Array.from(text.matchAll(WORD), ({ index, 0: word }) => ({ start: index, end: index + word.length }));
}

/** Where the characters of a text stand as a reader counts them: an emoji or an accented letter is one. */
export function characters(text: string): Span[] {
  const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(graphemes.segment(text), ({ index, segment }) => ({ start: index, end: index + segment.length }));
}

/** Each `n` neighbours as one span, from the start of the first to the end of the last. */
export function ngrams(tokens: readonly Span[], n: number): Span[] {
  return tokens.slice(n - 1).map(({ end }, i) => ({ start: tokens[i]?.start ?? 0, end }));
}

import type { Span } from "./normalise.ts";

/** Characters of a chunk; about 128 tokens of an encoder. */
export const MAX_CHUNK = 512;
/** Characters that two neighbours share at most; a sentence longer than this may be cut between words. */
export const OVERLAP = 128;

const SENTENCE_END = /[.!?;:…。！？؟।]+["')\]]*[ \t]+|\n+/g;

/**
 * Cuts a text into overlapping chunks of whole sentences, as `workshop/text_segment.py` does. Together they cover it;
 * an empty text has one, which is empty.
 */
export function segment(text: string): Span[] {
  const cuts = boundariesOf(text);
  const at = (i: number) => cuts[i] ?? text.length;
  const chunks: Span[] = [];
  for (let first = 0; ; ) {
    let last = Math.min(first + 1, cuts.length - 1);
    while (last + 1 < cuts.length && at(last + 1) - at(first) <= MAX_CHUNK) last++;
    chunks.push({ start: at(first), end: at(last) });
    if (last + 1 >= cuts.length) return chunks;
    let next = last;
    while (next - 1 > first && at(last) - at(next - 1) <= OVERLAP) next--;
    first = next;
  }
}

/** Where a chunk may begin or end, ascending, 0 and the length among them; at most `OVERLAP` apart. */
function boundariesOf(text: string): number[] {
  const cuts = [0];
  let start = 0;
  const endSentence = (end: number) => {
    for (let at = start; end - at > OVERLAP; cuts.push(at)) at = wordBreak(text, at);
    if (end > (cuts.at(-1) ?? 0)) cuts.push(end);
    start = end;
  };
  for (const { index, 0: sign } of text.matchAll(SENTENCE_END)) endSentence(index + sign.length);
  endSentence(text.length);
  return cuts;
}

/** After the last space within reach; else in the middle of a word, but never inside a surrogate pair. */
function wordBreak(text: string, from: number): number {
  const space = text.lastIndexOf(" ", from + OVERLAP - 1);
  if (space > from) return space + 1;
  const cut = from + OVERLAP;
  return isLow(text.charCodeAt(cut)) && !isLow(text.charCodeAt(cut - 1)) ? cut - 1 : cut;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

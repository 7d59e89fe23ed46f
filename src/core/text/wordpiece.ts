import table from "./characters.json" with { type: "json" };
import type { Span } from "./normalise.ts";
import { shapeOf } from "./shape.ts";

/** A part of a word that the vocabulary knows, or the whole word as one that it does not. */
export interface Piece {
  readonly id: number;
  /** In UTF-16 units of the word as it was looked up. */
  readonly length: number;
}

/** A WordPiece vocabulary (Schuster and Nakajima, 2012) as BERT reads it. */
export interface Vocabulary {
  /** Ids of [CLS] and [SEP], which frame what is read. */
  readonly first: number;
  readonly last: number;
  readonly isLowerCase: boolean;
  /** One piece at least for a word that is not empty; their lengths add up to the word's. */
  pieces(word: string): readonly Piece[];
}

/** A piece where it stands in the original text; `word` counts the words. */
export interface Token extends Span {
  readonly id: number;
  readonly shape: number;
  readonly word: number;
}

/**
 * Cuts a text into tokens as `tokenizers` does with BertNormalizer (accents kept) and BertPreTokenizer, which read each
 * character on its own: some end a word, some are words, some are passed over, all others go on with the word. A token
 * covers whole characters of the original. Names of special tokens in the text are words like others.
 */
export function tokensOf(text: string, vocabulary: Vocabulary): Token[] {
  const tokens: Token[] = [];
  const word = new Word();
  let count = 0;
  const endWord = () => {
    if (word.text === "") return;
    for (const { id, start, end } of word.places(vocabulary)) {
      tokens.push({ id, start, end, shape: shapeOf(text.slice(start, end)), word: count });
    }
    word.clear();
    count++;
  };
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    const end = at + (code > 0xffff ? 2 : 1);
    const kind = kindOf(code);
    if (kind === "spaces" || kind === "apart") endWord();
    if (kind === "apart" || kind === "inside") word.add(text.slice(at, end), at, end, vocabulary.isLowerCase);
    if (kind === "apart") endWord();
    at = end;
  }
  endWord();
  return tokens;
}

/** A word while it is read, and where each of its units comes from. */
class Word {
  text = "";
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** Characters are lowered one by one: what Σ becomes does not depend on its neighbours. */
  add(char: string, start: number, end: number, isLowerCase: boolean): void {
    const plain = isLowerCase ? char.toLowerCase() : char;
    this.text += plain;
    for (let i = 0; i < plain.length; i++) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  places(vocabulary: Vocabulary): (Span & Pick<Piece, "id">)[] {
    let at = 0;
    return vocabulary.pieces(this.text).map(({ id, length }) => {
      const start = this.#starts[at] ?? 0;
      at += length;
      return { id, start, end: this.#ends[at - 1] ?? start };
    });
  }

  clear(): void {
    this.text = "";
    this.#starts.length = 0;
    this.#ends.length = 0;
  }
}

type Kind = keyof typeof table | "inside";

interface Run {
  readonly first: number;
  readonly last: number;
  readonly kind: Kind;
}

const RUNS: readonly Run[] = Object.entries(table)
  .flatMap(([kind, ranges]) => ranges.split(" ").map((range) => runOf(range, kind as Kind)))
  .sort((a, b) => a.first - b.first);

/** `first-last`, or one alone, in hexadecimal. */
function runOf(range: string, kind: Kind): Run {
  const [first = 0, last = first] = range.split("-").map((code) => Number.parseInt(code, 16));
  return { first, last, kind };
}

const ASCII = Array.from({ length: 0x80 }, (_, code) => search(code));

function kindOf(code: number): Kind {
  return ASCII[code] ?? search(code);
}

function search(code: number): Kind {
  let [low, high] = [0, RUNS.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((RUNS[middle]?.last ?? 0) < code) low = middle + 1;
    else high = middle;
  }
  const run = RUNS[low];
  return run && run.first <= code ? run.kind : "inside";
}

import type { Model } from "../types.ts";
import { TOKEN_LABELS } from "./entities.ts";
import type { Span } from "./normalise.ts";
import { type Token, tokensOf, type Vocabulary } from "./wordpiece.ts";

/** Tokens that are read at once, between [CLS] and [SEP]; `workshop/encoder/reading.py` has the same two. */
export const WINDOW = 126;
/** Tokens that two neighbouring windows share. */
export const OVERLAP = 32;
/** Of a longer text (about 24,000 characters) the rest is left to the linear half. */
export const MAX_WINDOWS = 64;
/** Windows that are run together; between two batches the work can be cancelled. */
const BATCH = 8;

/** What the network is given: `rows` × `length` numbers each, row by row, short rows filled up and masked. */
export interface TokenBatch {
  readonly rows: number;
  readonly length: number;
  readonly ids: Int32Array;
  readonly mask: Int32Array;
  readonly shapes: Int32Array;
}

/** What it answers: a vector a row, and of each place in a row the logits of the token labels. */
export interface EncoderOutput {
  readonly vectors: Float32Array;
  readonly entities: Float32Array;
}

/** A network and the vocabulary that it was trained on. */
export interface Encoder {
  readonly model: Model<TokenBatch, EncoderOutput>;
  readonly vocabulary: Vocabulary;
}

/** All that one pass over a text gives; every head is read from it. */
export interface Reading {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** Places among the tokens. None where there are no tokens. */
  readonly windows: readonly Span[];
  /** One a window. */
  readonly vectors: readonly Float32Array[];
  /** One row of logits a token. */
  readonly entities: Float32Array;
}

/** The windows over so many tokens: together they cover them, up to `MAX_WINDOWS`. */
export function windowsOver(count: number): Span[] {
  const step = WINDOW - OVERLAP;
  const needed = count === 0 ? 0 : Math.max(1, Math.ceil((count - OVERLAP) / step));
  return Array.from({ length: Math.min(needed, MAX_WINDOWS) }, (_, i) => ({
    start: i * step,
    end: Math.min(i * step + WINDOW, count),
  }));
}

/**
 * Reads texts in one go: the windows of all of them in batches of like length.
 * @throws the signal's reason between two batches; whatever the network throws.
 */
export async function readTexts(encoder: Encoder, texts: readonly string[], signal: AbortSignal): Promise<Reading[]> {
  const cut = texts.map((text) => {
    const tokens = tokensOf(text, encoder.vocabulary);
    const windows = windowsOver(tokens.length);
    return { text, windows, tokens: tokens.slice(0, windows.at(-1)?.end ?? 0) };
  });
  const rows = cut.flatMap(({ tokens, windows }) => windows.map(({ start, end }) => tokens.slice(start, end)));
  const read = await runRows(encoder, rows, signal);
  return cut.map(({ text, tokens, windows }) => {
    const mine = read.splice(0, windows.length);
    const entities = new Float32Array(tokens.length * TOKEN_LABELS);
    for (const [i, { start, end }] of owned(windows).entries()) {
      const at = start - (windows[i]?.start ?? 0);
      const found = mine[i]?.entities.subarray(at * TOKEN_LABELS, (at + end - start) * TOKEN_LABELS);
      if (found) entities.set(found, start * TOKEN_LABELS);
    }
    return { text, tokens, windows, vectors: mine.map(({ vector }) => vector), entities };
  });
}

/** Of each window the tokens that it answers for: neighbours part in the middle of what they share. */
function owned(windows: readonly Span[]): Span[] {
  const edge = ({ start }: Span, i: number) => (i === 0 ? start : start + OVERLAP / 2);
  return windows.map((window, i) => {
    const next = windows[i + 1];
    return { start: edge(window, i), end: next ? edge(next, i + 1) : window.end };
  });
}

/** What the network says of one row, without [CLS] and [SEP]. */
export interface ReadRow {
  readonly vector: Float32Array;
  readonly entities: Float32Array;
}

/** Runs rows of at most `WINDOW` tokens, in batches of like length; answers in the order of the rows. */
export async function runRows(
  { model, vocabulary }: Encoder,
  rows: readonly (readonly Token[])[],
  signal: AbortSignal,
): Promise<ReadRow[]> {
  const read: ReadRow[] = [];
  const order = rows.map((_, i) => i).sort((a, b) => (rows[a]?.length ?? 0) - (rows[b]?.length ?? 0));
  for (let from = 0; from < order.length; from += BATCH) {
    const places = order.slice(from, from + BATCH);
    const batch = batchOf(
      places.map((place) => rows[place] ?? []),
      vocabulary,
    );
    const output = await model.run(batch, signal);
    for (const [row, place] of places.entries()) read[place] = rowOf(output, batch, row, rows[place]?.length ?? 0);
    signal.throwIfAborted();
  }
  return read;
}

function batchOf(rows: readonly (readonly Token[])[], { first, last }: Vocabulary): TokenBatch {
  const length = 2 + Math.max(...rows.map((row) => row.length));
  const [ids, mask, shapes] = [0, 0, 0].map(() => new Int32Array(rows.length * length)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (const [i, row] of rows.entries()) {
    const at = i * length;
    ids.set([first, ...row.map(({ id }) => id), last], at);
    shapes.set(
      row.map(({ shape }) => shape),
      at + 1,
    );
    mask.fill(1, at, at + row.length + 2);
  }
  return { rows: rows.length, length, ids, mask, shapes };
}

function rowOf({ vectors, entities }: EncoderOutput, batch: TokenBatch, row: number, tokens: number): ReadRow {
  const width = vectors.length / batch.rows;
  const at = (row * batch.length + 1) * TOKEN_LABELS;
  return {
    vector: vectors.slice(row * width, (row + 1) * width),
    entities: entities.slice(at, at + tokens * TOKEN_LABELS),
  };
}

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

/** What the network is given of a window: a number each for [CLS], its tokens and [SEP]. */
export interface WindowInput {
  readonly ids: Int32Array;
  readonly shapes: Int32Array;
}

/** What it answers: a vector, and of each place the logits of the token labels. */
export interface WindowOutput {
  readonly vector: Float32Array;
  readonly entities: Float32Array;
}

/** A network and the vocabulary that it was trained on. */
export interface Encoder {
  readonly model: Model<WindowInput, WindowOutput>;
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
 * Reads a text window by window. They are run one at a time: in batches a window costs no less, and where an 8-bit network
 * finds its scales as it goes, a text's scores would depend on its neighbours in the batch.
 * @throws the signal's reason between two windows; whatever the network throws.
 */
export async function readText(encoder: Encoder, text: string, signal: AbortSignal): Promise<Reading> {
  const tokens = tokensOf(text, encoder.vocabulary);
  const windows = windowsOver(tokens.length);
  const entities = new Float32Array((windows.at(-1)?.end ?? 0) * TOKEN_LABELS);
  const vectors: Float32Array[] = [];
  const own = owned(windows);
  for (const [i, { start, end }] of windows.entries()) {
    const read = await runWindow(encoder, tokens.slice(start, end), signal);
    const { start: from = 0, end: to = 0 } = own[i] ?? {};
    const at = from - start + 1;
    entities.set(read.entities.subarray(at * TOKEN_LABELS, (at + to - from) * TOKEN_LABELS), from * TOKEN_LABELS);
    vectors.push(read.vector);
  }
  return { text, tokens: tokens.slice(0, windows.at(-1)?.end ?? 0), windows, vectors, entities };
}

/** Of each window the tokens that it answers for: neighbours part in the middle of what they share. */
function owned(windows: readonly Span[]): Span[] {
  const edge = ({ start }: Span, i: number) => (i === 0 ? start : start + OVERLAP / 2);
  return windows.map((window, i) => {
    const next = windows[i + 1];
    return { start: edge(window, i), end: next ? edge(next, i + 1) : window.end };
  });
}

/** At most `WINDOW` tokens, framed. */
export function runWindow(
  { model, vocabulary: { first, last } }: Encoder,
  tokens: readonly Token[],
  signal: AbortSignal,
): Promise<WindowOutput> {
  const ids = Int32Array.of(first, ...tokens.map(({ id }) => id), last);
  const shapes = Int32Array.of(0, ...tokens.map(({ shape }) => shape), 0);
  return model.run({ ids, shapes }, signal);
}

import type { Evidence } from "../types.ts";
import { type Encoder, type Reading, runWindow } from "./encoder.ts";
import type { Token } from "./wordpiece.ts";

/** So many runs of the network at most explain a window. */
const STRETCHES = 16;
const MAX_EVIDENCE = 3;

/**
 * Why a window scores as it does: each stretch of its words is left out once (Zeiler and Fergus, 2014), and the score
 * falls furthest without the words that speak loudest. The runs serve every head that asks.
 */
export class Occlusion {
  readonly #encoder: Encoder;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #whole: Float32Array | undefined;
  readonly #stretches: readonly (readonly Token[])[];
  #without: Promise<readonly Float32Array[]> | undefined;

  constructor(encoder: Encoder, { text, tokens, windows, vectors }: Reading, window: number) {
    this.#encoder = encoder;
    this.#text = text;
    this.#tokens = tokens.slice(windows[window]?.start, windows[window]?.end);
    this.#whole = vectors[window];
    this.#stretches = stretchesOf(this.#tokens);
  }

  /** The passage, and the words in it that speak loudest for what is scored. */
  async evidence(score: (vector: Float32Array) => number, signal: AbortSignal): Promise<Evidence[]> {
    const [first, last] = [this.#tokens[0], this.#tokens.at(-1)];
    if (!first || !last || !this.#whole) return [];
    const whole = score(this.#whole);
    const falls = (await this.#vectors(signal)).map((vector) => whole - score(vector));
    const loudest = falls
      .map((fall, i) => ({ fall, stretch: this.#stretches[i] ?? [] }))
      .filter(({ fall }) => fall > 0)
      .sort((a, b) => b.fall - a.fall)
      .slice(0, MAX_EVIDENCE);
    return [
      { kind: "span", start: first.start, end: last.end, rule: "passage" },
      ...loudest.map(({ stretch }) => ({ kind: "rule" as const, rule: "words", value: this.#words(stretch) })),
    ];
  }

  #vectors(signal: AbortSignal): Promise<readonly Float32Array[]> {
    this.#without ??= this.#leaveOut(signal);
    return this.#without;
  }

  async #leaveOut(signal: AbortSignal): Promise<readonly Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (const stretch of this.#stretches) {
      const rest = this.#tokens.filter((token) => !stretch.includes(token));
      vectors.push((await runWindow(this.#encoder, rest, signal)).vector);
    }
    return vectors;
  }

  #words(stretch: readonly Token[]): string {
    return this.#text.slice(stretch[0]?.start, stretch.at(-1)?.end);
  }
}

/** Whole words, at most `STRETCHES` runs of about as many each; none where there is only one word. */
function stretchesOf(tokens: readonly Token[]): Token[][] {
  const words = [...new Set(tokens.map(({ word }) => word))].map((word) =>
    tokens.filter((token) => token.word === word),
  );
  const count = words.length > 1 ? Math.min(STRETCHES, words.length) : 0;
  const at = (i: number) => Math.round((i * words.length) / count);
  return Array.from({ length: count }, (_, i) => words.slice(at(i), at(i + 1)).flat());
}

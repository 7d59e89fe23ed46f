import { Hasher, type Reading } from "./features.ts";
import type { LinearHead } from "./linear-head.ts";
import type { Span } from "./normalise.ts";

/** A head whose weights lie with those of others; its own list of them can be given back to the memory. */
export type PackedHead = Omit<LinearHead, "weights">;

/** Logits of one head on each chunk, output by output. */
export interface Scored {
  readonly head: PackedHead;
  readonly logits: Float64Array;
}

/** The different words of a stretch, where each stands first. */
export interface Words {
  readonly words: readonly Span[];
  /** Word by word, within it head by head: how much it speaks for the head's first output, in its weights' measure. */
  readonly pushes: Int32Array;
}

/** Heads that read alike. A place's weights of all of them lie side by side, so that one look into memory finds them. */
interface Alike {
  readonly reading: Reading;
  /** By its number among all heads, and where its outputs begin among these. */
  readonly heads: readonly { readonly head: PackedHead; readonly number: number; readonly first: number }[];
  /** By place so many numbers of four weights each. */
  readonly width: number;
  readonly weights: Int32Array;
  readonly sums: Int32Array;
}

/** Scores texts by all heads at once: a chunk is hashed once for those that read it alike. */
export class Scorer {
  readonly heads: readonly PackedHead[];
  readonly #alike: readonly Alike[];
  readonly #hasher: Hasher;

  constructor(heads: readonly LinearHead[]) {
    this.heads = heads.map(({ row, scale, intercept }) => ({ row, scale, intercept }));
    const readings = new Map(heads.map(({ row }) => [JSON.stringify(row.reading), row.reading]));
    this.#alike = Array.from(readings, ([key, reading]) =>
      sideBySide(
        reading,
        heads.flatMap((head, number) => (JSON.stringify(head.row.reading) === key ? [{ head, number }] : [])),
      ),
    );
    this.#hasher = new Hasher(heads.map(({ row }) => row.reading));
  }

  score(text: string, chunks: readonly Span[]): Scored[] {
    const scored = this.heads.map((head) => ({ head, logits: new Float64Array(chunks.length * head.scale.length) }));
    for (const [i, { start, end }] of chunks.entries()) {
      this.#hasher.read(text, start, end);
      for (const alike of this.#alike) {
        const count = this.#hasher.findPlaces(alike.reading);
        addUp(alike, this.#hasher.places, count);
        const length = Math.sqrt(Math.max(1, count));
        for (const { head, number, first } of alike.heads) {
          fill(scored[number]?.logits, i, head, alike.sums, first, length);
        }
      }
    }
    return scored;
  }

  /** What the words of a stretch say. */
  words(text: string, { start, end }: Span): Words {
    this.#hasher.read(text, start, end);
    const seen = new Set<number>();
    const words: Span[] = [];
    const pushes = new Int32Array(this.#hasher.wordCount * this.heads.length);
    for (let i = 0; i < this.#hasher.wordCount; i++) {
      const hash = this.#hasher.hashAt(i);
      if (seen.has(hash)) continue;
      seen.add(hash);
      const row = words.length * this.heads.length;
      words.push(this.#hasher.wordAt(i));
      for (const alike of this.#alike) {
        addUp(alike, this.#hasher.places, this.#hasher.findPlacesOfWord(alike.reading, i));
        for (const { number, first } of alike.heads) pushes[row + number] = alike.sums[first] ?? 0;
      }
    }
    return { words, pushes };
  }
}

/** Writes into `sums` the weights of the first `count` places added up, for each output. */
function addUp({ width, weights, sums }: Alike, places: Uint32Array, count: number): void {
  for (let column = 0; column < width; column++) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      const four = weights[(places[i] ?? 0) * width + column] ?? 0;
      a += (four << 24) >> 24;
      b += (four << 16) >> 24;
      c += (four << 8) >> 24;
      d += four >> 24;
    }
    const first = 4 * column;
    sums[first] = a;
    sums[first + 1] = b;
    sums[first + 2] = c;
    sums[first + 3] = d;
  }
}

function sideBySide(reading: Reading, alike: readonly { readonly head: LinearHead; readonly number: number }[]): Alike {
  const width = Math.ceil(alike.reduce((sum, { head }) => sum + head.scale.length, 0) / 4);
  const weights = new Int32Array((1 << reading.bits) * width);
  let next = 0;
  const heads = alike.map(({ head, number }) => {
    const [first, { length }] = [next, head.scale];
    next += length;
    for (let i = 0; i < head.weights.length; i++) {
      const output = first + (i % length);
      const at = Math.floor(i / length) * width + (output >> 2);
      weights[at] = (weights[at] ?? 0) | (((head.weights[i] ?? 0) & 0xff) << (8 * (output & 3)));
    }
    return { head: { row: head.row, scale: head.scale, intercept: head.intercept }, number, first };
  });
  return { reading, heads, width, weights, sums: new Int32Array(4 * width) };
}

/** Writes the logits of chunk `i`: intercept + scale · Σ weights / `length`, the vector's length before it is one. */
function fill(
  logits: Float64Array | undefined,
  i: number,
  { scale, intercept }: PackedHead,
  sums: Int32Array,
  first: number,
  length: number,
): void {
  for (let output = 0; logits && output < scale.length; output++) {
    const sum = sums[first + output] ?? 0;
    logits[i * scale.length + output] = (intercept[output] ?? 0) + ((scale[output] ?? 0) * sum) / length;
  }
}

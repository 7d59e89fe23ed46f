import { MAX_ORDER, type TextModelRow } from "../catalog.ts";

/**
 * Hashed n-grams of words and characters: what every linear head reads, equal to `workshop/text_features.py` to the bit.
 * Presence alone counts, not frequency.
 */

/**
 * Which n-grams a head reads: a hash's lowest `bits` are its place in the weights; `words` is 0 for none, 1 for words, 2
 * for words and pairs of neighbours; `characters` are the orders of character n-grams.
 */
export type Reading = TextModelRow["reading"];

const FNV = 0x01000193;
const BASIS = 0x811c9dc5;
const WORD_BASIS = 0x9e3779b9;
const PAIR = 0x85ebca6b;
const SPACE = 0x20;
const DIGIT = 0x30;
const UNKNOWN = 0xfffd;

/** Hashes one stretch of normalised text after another; its arrays are used again, so that a page costs no garbage. */
export class Hasher {
  readonly #orders: readonly number[];
  #units = new Uint16Array(1024);
  #length = 0;
  #words = new Int32Array(1024);
  #wordCount = 0;
  /** By order: n-gram hashes of the stretch. */
  readonly #ngrams: Int32Array[];
  readonly #seen: Uint32Array;
  readonly #places: Uint32Array;
  #turn = 0;

  /** @param readings all that will ever be asked for. */
  constructor(readings: readonly Reading[]) {
    this.#orders = [...new Set(readings.flatMap(({ characters }) => characters))].sort((a, b) => a - b);
    this.#ngrams = Array.from({ length: MAX_ORDER + 1 }, () => new Int32Array(1024));
    const size = 1 << Math.max(1, ...readings.map(({ bits }) => bits));
    this.#seen = new Uint32Array(size);
    this.#places = new Uint32Array(size);
  }

  read(text: string, start: number, end: number): void {
    this.#load(text, start, end);
    this.#hashWords();
    this.#hashCharacters();
  }

  /** The different places that what was read falls on; valid until the next call. */
  places({ bits, words, characters }: Reading): Uint32Array {
    this.#turn++;
    let found = 0;
    const mask = (1 << bits) - 1;
    const note = (hash: number) => {
      const place = hash & mask;
      if (this.#seen[place] === this.#turn) return;
      this.#seen[place] = this.#turn;
      this.#places[found++] = place;
    };
    for (const order of characters) {
      const hashes = this.#ngrams[order] ?? this.#words;
      const count = this.#length - order + 1;
      for (let i = 0; i < count; i++) note(hashes[i] ?? 0);
    }
    for (let i = 0; words > 0 && i < this.#wordCount; i++) note(mixed(this.#words[i] ?? 0));
    for (let i = 1; words > 1 && i < this.#wordCount; i++) {
      note(mixed(Math.imul(this.#words[i - 1] ?? 0, PAIR) ^ (this.#words[i] ?? 0)));
    }
    return this.#places.subarray(0, found);
  }

  /** The stretch between two spaces; digits are all alike, and so is what lies outside the basic plane. */
  #load(text: string, from: number, to: number) {
    let [start, end] = [from, to];
    while (start < end && text.charCodeAt(start) === SPACE) start++;
    while (end > start && text.charCodeAt(end - 1) === SPACE) end--;
    this.#length = end - start + 2;
    if (this.#units.length < this.#length) this.#grow(2 * this.#length);
    const units = this.#units;
    units[0] = SPACE;
    for (let at = start, i = 1; at < end; at++, i++) {
      const unit = text.charCodeAt(at);
      units[i] = unit >= DIGIT && unit <= DIGIT + 9 ? DIGIT : unit >= 0xd800 && unit <= 0xdfff ? UNKNOWN : unit;
    }
    units[this.#length - 1] = SPACE;
  }

  #grow(size: number) {
    this.#units = new Uint16Array(size);
    this.#words = new Int32Array(size);
    for (const order of this.#orders) this.#ngrams[order] = new Int32Array(size);
  }

  #hashWords() {
    const units = this.#units;
    let count = 0;
    let hash = WORD_BASIS | 0;
    let isInside = false;
    for (let i = 0; i < this.#length; i++) {
      const unit = units[i] ?? SPACE;
      if (isWordUnit(unit)) {
        hash = Math.imul(hash ^ unit, FNV);
        isInside = true;
      } else if (isInside) {
        this.#words[count++] = hash;
        hash = WORD_BASIS | 0;
        isInside = false;
      }
    }
    this.#wordCount = count;
  }

  #hashCharacters() {
    const units = this.#units;
    for (const order of this.#orders) {
      const hashes = this.#ngrams[order] ?? this.#words;
      const count = this.#length - order + 1;
      for (let i = 0; i < count; i++) {
        let hash = BASIS | 0;
        for (let k = i; k < i + order; k++) hash = Math.imul(hash ^ (units[k] ?? 0), FNV);
        hashes[i] = mixed(hash);
      }
    }
  }
}

/** A word is a run of letters, digits, and what lies beyond ASCII. */
function isWordUnit(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || unit === DIGIT || (unit >= 0x80 && unit !== UNKNOWN);
}

function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return half ^ (half >>> 12);
}

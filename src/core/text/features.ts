import { MAX_ORDER, type TextModelRow } from "../catalog.ts";
import type { Span } from "./normalise.ts";

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
/** Marks of turns are small, so that they stay near the processor. */
const MAX_TURN = 0xffff;

/** Hashes one stretch of normalised text after another; its arrays are used again, so that a page costs no garbage. */
export class Hasher {
  readonly #orders: readonly number[];
  /** What was read last; reading it again costs nothing. */
  #text: string | undefined;
  #units = new Uint16Array(1024);
  #length = 0;
  #words = new Int32Array(1024);
  #single = new Int32Array(1024);
  #pairs = new Int32Array(1024);
  /** Where each word begins and ends among the units. */
  #from = new Int32Array(1024);
  #to = new Int32Array(1024);
  #wordCount = 0;
  /** Of the first unit but the space before it, in the text. */
  #origin = 0;
  /** By order: n-gram hashes of the stretch. */
  readonly #ngrams: Int32Array[];
  readonly #seen: Uint16Array;
  /** What was found last. */
  readonly places: Uint32Array;
  #turn = 0;

  /** @param readings all that will ever be asked for. */
  constructor(readings: readonly Reading[]) {
    this.#orders = [...new Set(readings.flatMap(({ characters }) => characters))].sort((a, b) => a - b);
    this.#ngrams = Array.from({ length: MAX_ORDER + 1 }, () => new Int32Array(1024));
    const size = 1 << Math.max(1, ...readings.map(({ bits }) => bits));
    this.#seen = new Uint16Array(size);
    this.places = new Uint32Array(size);
  }

  read(text: string, from: number, to: number): void {
    let [start, end] = [from, to];
    while (start < end && text.charCodeAt(start) === SPACE) start++;
    while (end > start && text.charCodeAt(end - 1) === SPACE) end--;
    if (text === this.#text && start === this.#origin && end - start + 2 === this.#length) return;
    this.#text = text;
    this.#load(text, start, end);
    this.#hashWords();
    this.#hashCharacters();
  }

  /** Writes the different places that what was read falls on into `places`, and tells how many they are. */
  findPlaces(reading: Reading): number {
    return this.#find(reading, 0, this.#length, 0, this.#wordCount);
  }

  get wordCount(): number {
    return this.#wordCount;
  }

  /** Where a word of what was read stands in the text; a word is a run of letters, digits, and what lies beyond ASCII. */
  wordAt(index: number): Span {
    const shift = this.#origin - 1;
    return { start: (this.#from[index] ?? 0) + shift, end: (this.#to[index] ?? 0) + shift };
  }

  /** Equal words have equal hashes, and different ones nearly always different ones. */
  hashAt(index: number): number {
    return this.#words[index] ?? 0;
  }

  /** Likewise those of one word of what was read, with the character before and after it. */
  findPlacesOfWord(reading: Reading, index: number): number {
    return this.#find(reading, (this.#from[index] ?? 1) - 1, (this.#to[index] ?? 0) + 1, index, index + 1);
  }

  #find({ bits, words, characters }: Reading, from: number, to: number, word: number, end: number): number {
    if (++this.#turn > MAX_TURN) {
      this.#seen.fill(0);
      this.#turn = 1;
    }
    const mask = (1 << bits) - 1;
    let found = 0;
    for (const order of characters) {
      found = this.#note(this.#ngrams[order] ?? this.#words, from, to - order + 1, mask, found);
    }
    if (words > 0) found = this.#note(this.#single, word, end, mask, found);
    if (words > 1) found = this.#note(this.#pairs, word, end - 1, mask, found);
    return found;
  }

  /** Adds the places of some hashes that are new in this turn. */
  #note(hashes: Int32Array, from: number, to: number, mask: number, before: number): number {
    const [seen, places, turn] = [this.#seen, this.places, this.#turn];
    let found = before;
    for (let i = from; i < to; i++) {
      const place = (hashes[i] ?? 0) & mask;
      if (seen[place] === turn) continue;
      seen[place] = turn;
      places[found++] = place;
    }
    return found;
  }

  /** The stretch between two spaces. */
  #load(text: string, start: number, end: number) {
    this.#origin = start;
    this.#length = end - start + 2;
    if (this.#units.length < this.#length) this.#grow(2 * this.#length);
    const units = this.#units;
    units[0] = SPACE;
    for (let at = start, i = 1; at < end; at++, i++) units[i] = readAs(text.charCodeAt(at));
    units[this.#length - 1] = SPACE;
  }

  #grow(size: number) {
    this.#units = new Uint16Array(size);
    this.#words = new Int32Array(size);
    this.#single = new Int32Array(size);
    this.#pairs = new Int32Array(size);
    this.#from = new Int32Array(size);
    this.#to = new Int32Array(size);
    for (const order of this.#orders) this.#ngrams[order] = new Int32Array(size);
  }

  #hashWords() {
    const [units, words, length] = [this.#units, this.#words, this.#length];
    let count = 0;
    let hash = WORD_BASIS | 0;
    let isInside = false;
    for (let i = 0; i < length; i++) {
      const unit = units[i] ?? SPACE;
      if (isWordUnit(unit)) {
        if (!isInside) this.#from[count] = i;
        hash = Math.imul(hash ^ unit, FNV);
        isInside = true;
      } else if (isInside) {
        this.#to[count] = i;
        words[count++] = hash;
        hash = WORD_BASIS | 0;
        isInside = false;
      }
    }
    this.#wordCount = count;
    for (let i = 0, before = 0; i < count; i++) {
      const word = words[i] ?? 0;
      this.#single[i] = mixed(word);
      if (i > 0) this.#pairs[i - 1] = mixed(Math.imul(before, PAIR) ^ word);
      before = word;
    }
  }

  #hashCharacters() {
    const [units, length] = [this.#units, this.#length];
    for (const order of this.#orders) {
      const hashes = this.#ngrams[order] ?? this.#words;
      for (let i = 0; i + order <= length; i++) {
        let hash = BASIS | 0;
        for (let k = i; k < i + order; k++) hash = Math.imul(hash ^ (units[k] ?? 0), FNV);
        hashes[i] = mixed(hash);
      }
    }
  }
}

/** Digits are all alike, and so is what lies outside the basic plane. */
function readAs(unit: number): number {
  return unit >= DIGIT && unit <= DIGIT + 9 ? DIGIT : unit >= 0xd800 && unit <= 0xdfff ? UNKNOWN : unit;
}

/** A word is a run of letters, digits, and what lies beyond ASCII. */
function isWordUnit(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || unit === DIGIT || (unit >= 0x80 && unit !== UNKNOWN);
}

function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return half ^ (half >>> 12);
}

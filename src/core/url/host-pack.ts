import { WardlightError } from "../errors.ts";

/**
 * A set of names as sorted hashes in a typed array, read as it lies in its file: nothing is built on waking.
 *
 * A name's 64-bit hash is split: its first half, scaled to the number of buckets, names the bucket, its second half is
 * stored there (quotienting: Cleary, 1984). Of `BUCKET` entries a bucket, another name is taken for one of the set with
 * probability BUCKET / 2³² < 10⁻⁹. Whoever blocks by a hit asks the list's own text first (`textHas`): then never.
 *
 * File, little-endian 32-bit words: MAGIC, number of sections n, n × (count, buckets, first word), then per section
 * buckets + 1 starts and count second halves. 4 · (1 + 1 / BUCKET) bytes an entry.
 */
export interface HashSet {
  readonly count: number;
  /** Where each bucket begins in `rest`, and its end. */
  readonly starts: Uint32Array;
  readonly rest: Uint32Array;
}

const MAGIC = 0x31504857;
const HEADER_WORDS = 2;
const SECTION_WORDS = 3;
const BUCKET = 4.25;
const TWO_32 = 2 ** 32;
/** Hosts of a list are spread over so many parts: a change rewrites its parts alone. */
export const SHARDS = 64;

/** Two independent 32-bit halves. */
interface Hash {
  first: number;
  second: number;
}

/** One object for all calls: a look-up allocates nothing. */
const hash: Hash = { first: 0, second: 0 };

/** The two running products and the last mixing of cyrb53 (bryc, public domain), of all 64 bits. */
function finish(a: number, b: number): Hash {
  const first = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  const second = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(first ^ (first >>> 13), 3266489909);
  hash.first = first >>> 0;
  hash.second = second >>> 0;
  return hash;
}

const SEED_A = 0xdeadbeef;
const SEED_B = 0x41c6ce57;
const stepA = (a: number, code: number) => Math.imul(a ^ code, 2654435761);
const stepB = (b: number, code: number) => Math.imul(b ^ code, 1597334677);

/** Read from the end, so that one pass over a host meets every parent on the way. */
function hashOf(name: string): Hash {
  let [a, b] = [SEED_A, SEED_B];
  for (let i = name.length - 1; i >= 0; i--) {
    const code = name.charCodeAt(i);
    a = stepA(a, code);
    b = stepB(b, code);
  }
  return finish(a, b);
}

function holds({ starts, rest }: HashSet, { first, second }: Hash): boolean {
  const bucket = Math.floor((first * (starts.length - 1)) / TWO_32);
  const end = starts[bucket + 1] ?? 0;
  for (let i = starts[bucket] ?? end; i < end; i++) if (rest[i] === second) return true;
  return false;
}

/** The shortest of a host and its parents that the set holds; a host covers its subdomains. @param host ASCII, lower case */
export function parentIn(set: HashSet, host: string): string | undefined {
  let [a, b] = [SEED_A, SEED_B];
  for (let i = host.length - 1; i >= 0; i--) {
    const code = host.charCodeAt(i);
    a = stepA(a, code);
    b = stepB(b, code);
    const isBorder = i === 0 || host.charCodeAt(i - 1) === DOT;
    if (isBorder && holds(set, finish(a, b))) return host.slice(i);
  }
  return undefined;
}

const DOT = 46;

/** Whether the set holds this very name. */
export function nameIn(set: HashSet, name: string): boolean {
  return holds(set, hashOf(name));
}

/** In [0, SHARDS). */
export function shardOf(host: string): number {
  return hashOf(host).second >>> 26;
}

/** The file of several sets of names; within a set every name counts once. */
export function packOf(sets: readonly (readonly string[])[]): Uint8Array<ArrayBuffer> {
  const sections = sets.map(sectionOf);
  const words = new Uint32Array(
    sections.reduce((sum, { starts, rest }) => sum + starts.length + rest.length, headWords(sections.length)),
  );
  words.set([MAGIC, sections.length]);
  let at = headWords(sections.length);
  sections.forEach(({ starts, rest, count }, i) => {
    words.set([count, starts.length - 1, at], HEADER_WORDS + SECTION_WORDS * i);
    words.set(starts, at);
    words.set(rest, at + starts.length);
    at += starts.length + rest.length;
  });
  return new Uint8Array(words.buffer);
}

function headWords(sections: number): number {
  return HEADER_WORDS + SECTION_WORDS * sections;
}

function sectionOf(names: readonly string[]): HashSet {
  const buckets = Math.max(1, Math.ceil(names.length / BUCKET));
  const hashes = new Float64Array(names.length);
  names.forEach((name, i) => {
    const { first, second } = hashOf(name);
    hashes[i] = Math.floor((first * buckets) / TWO_32) * TWO_32 + second;
  });
  const sorted = hashes.sort().filter((value, i, all) => value !== all[i - 1]);
  const starts = new Uint32Array(buckets + 1);
  for (const value of sorted)
    starts[Math.floor(value / TWO_32) + 1] = (starts[Math.floor(value / TWO_32) + 1] ?? 0) + 1;
  for (let i = 1; i <= buckets; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  return { count: sorted.length, starts, rest: Uint32Array.from(sorted, (value) => value % TWO_32) };
}

/**
 * Views of the sets of a file; nothing is copied.
 * @throws WardlightError `validation` for a file that is cut off or is none
 */
export function readPack(bytes: Uint8Array<ArrayBuffer>): HashSet[] {
  const words =
    bytes.byteLength % 4 === 0 && bytes.byteOffset % 4 === 0
      ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
      : undefined;
  const [magic, sections = 0] = words ?? [];
  if (!words || magic !== MAGIC || headWords(sections) > words.length) throw damaged();
  return Array.from({ length: sections }, (_, i) => {
    const [count = 0, buckets = 0, at = 0] = words.subarray(HEADER_WORDS + SECTION_WORDS * i);
    const middle = at + buckets + 1;
    const set = { count, starts: words.subarray(at, middle), rest: words.subarray(middle, middle + count) };
    if (buckets < 1 || set.starts.length !== buckets + 1 || set.rest.length !== count) throw damaged();
    return set;
  });
}

function damaged(): WardlightError {
  return new WardlightError("validation", "The packed list is damaged: it must be made anew.");
}

/** Whether a line of the text is exactly this name: what a hit in the pack is checked by. */
export function textHas(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const end = text.charAt(at + name.length);
    if ((at === 0 || text.charAt(at - 1) === "\n") && (end === "" || end === "\n" || end === "\r")) return true;
  }
  return false;
}

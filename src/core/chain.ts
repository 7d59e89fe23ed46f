import type { AuditChange } from "./audit.ts";
import { canonicalBytes, fromHex, toHex } from "./bytes.ts";
import type { Moment } from "./types.ts";

/**
 * A chain of entries, each of which holds the SHA-256 of the one before (Haber and Stornetta, 1991). An entry that is
 * altered, left out or moved no longer fits the next. What the chain alone cannot tell is that its tail was cut off or
 * that all of it was written anew: that takes a checkpoint which somebody else holds.
 */
interface Link {
  /** 0, 1, 2…; it goes on when old entries are folded. */
  readonly n: number;
  /** When it was written, by the device's clock, which may have been set back. */
  readonly at: Moment;
  /** Hash of the entry before; `BEGINNING` where there is none. */
  readonly previous: string;
}

/** What an entry says; `E` is an event as the journal keeps it. */
export type Body<E> = Mark | Gap | Fold | Signed | Audit | { readonly kind: "events"; readonly events: readonly E[] };
export type Entry<E = unknown> = Link & Body<E>;

/** Where a chain begins, or goes on after something happened to it. */
export interface Mark {
  readonly kind: "mark";
  readonly reason: (typeof MARKS)[number];
  /** The last entry of the chain that this one takes the place of, where it could still be read. */
  readonly before?: Head;
}
/** `lost`: the secret that opened it, and with it the entries. */
export const MARKS = ["begun", "erased", "restored", "damaged", "lost"] as const;

/** What was changed about the guard itself: settings, models, lists, the lock. */
export interface Audit {
  readonly kind: "audit";
  readonly changes: readonly AuditChange[];
}

/** Nothing could be recorded for a while; from after until where the clock was set back. */
export interface Gap {
  readonly kind: "gap";
  readonly cause: GapCause;
  readonly from: Moment;
  readonly until: Moment;
}
/** The browser was closed; Wardlight was switched off or being updated; or nobody can say. */
export const GAP_CAUSES = ["closed", "off", "unknown"] as const;
export type GapCause = (typeof GAP_CAUSES)[number];

/** Stands for all entries up to `through`, whose hash was `hash`: they are gone but for their counts by day. */
export interface Fold {
  readonly kind: "fold";
  readonly through: number;
  readonly hash: string;
  readonly days: readonly DayCount[];
}

/** What is left of a day. */
export interface DayCount {
  /** UTC, such as 2026-11-21. */
  readonly day: string;
  readonly judged: number;
  readonly acted: number;
  /** Of what was acted on, by category. */
  readonly categories: Readonly<Record<string, number>>;
}

/** The device signs everything before this entry. */
export interface Signed {
  readonly kind: "checkpoint";
  /** ECDSA P-256: the public point, uncompressed, in hexadecimal. */
  readonly key: string;
  /** Over the entry before, see `statement`. */
  readonly signature: string;
}

/** The last entry of a chain. */
export interface Head {
  readonly n: number;
  readonly hash: string;
}

/** A head with its signature, for somebody else to keep. */
export interface Checkpoint extends Head {
  readonly at: Moment;
  readonly key: string;
  readonly signature: string;
}

export const BEGINNING = "0".repeat(64);

/** The parts of WebCrypto that proofs need. */
export type Subtle = Pick<SubtleCrypto, "digest" | "importKey" | "verify">;

/** The device's key: it signs bytes, and its public half is `key`. */
export interface Signer {
  readonly key: string;
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}

/** SHA-256 of an entry's canonical text, in hexadecimal. */
export async function hashOf(entry: Entry, subtle: Subtle): Promise<string> {
  return toHex(await subtle.digest("SHA-256", canonicalBytes(entry)));
}

/** The entry that follows a head, or begins a chain. */
export function follow<E>(head: Head | undefined, at: Moment, body: Body<E>): Entry<E> {
  return { ...body, n: head ? head.n + 1 : 0, at, previous: head?.hash ?? BEGINNING };
}

/** What a checkpoint's signature says. */
function statement({ n, hash }: Head, at: Moment): Uint8Array<ArrayBuffer> {
  return canonicalBytes({ statement: "wardlight-checkpoint", n, hash, at });
}

export async function signHead(head: Head, at: Moment, signer: Signer): Promise<Checkpoint> {
  const signature = toHex(await signer.sign(statement(head, at)));
  return { n: head.n, hash: head.hash, at, key: signer.key, signature };
}

/** A checkpoint as the next entry of its chain. */
export function checkpointEntry({ n, hash, at, key, signature }: Checkpoint): Entry<never> {
  return { kind: "checkpoint", n: n + 1, at, previous: hash, key, signature };
}

/** Whether the holder of the key that it names has signed it. */
export function isSigned({ key, signature, at, ...head }: Checkpoint, subtle: Subtle): Promise<boolean> {
  return isSignedBy(key, signature, statement(head, at), subtle);
}

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** False also where key or signature are none. */
export async function isSignedBy(key: string, signature: string, bytes: Uint8Array<ArrayBuffer>, subtle: Subtle) {
  const [point, signed] = [fromHex(key), fromHex(signature)];
  if (!point || !signed) return false;
  try {
    return await subtle.verify(ECDSA, await subtle.importKey("raw", point, ECDSA, true, ["verify"]), signed, bytes);
  } catch {
    return false;
  }
}

/** The first place at which a chain does not hold. */
export interface Break {
  /** Number of the entry that does not fit. */
  readonly n: number;
  readonly code: "beginning" | "order" | "link" | "signature" | "device" | "damaged";
}

/** What was found of the entries that were shown to a verifier. */
export interface Verified {
  readonly first: number;
  readonly head: Head;
  readonly checkpoints: number;
  /** The chain's own beginning, what stands for folded entries, or neither: then it is a piece. */
  readonly begins: "mark" | "fold" | "piece";
  readonly break?: Break;
}

/**
 * Checks entries one by one, in their order; what they say of themselves is not believed. After the first break only the
 * entries are counted.
 * @param device the key that must have signed every checkpoint.
 */
export class ChainVerifier {
  readonly #subtle: Subtle;
  readonly #device: string | undefined;
  readonly #folds = new Map<number, string>();
  #first: Link | undefined;
  #head: Head | undefined;
  #break: Break | undefined;
  #checkpoints = 0;

  constructor(subtle: Subtle, device?: string) {
    this.#subtle = subtle;
    this.#device = device;
  }

  /** @param hash of the entry, where it is known from its very bytes. */
  async add(entry: Entry, hash?: string): Promise<void> {
    const code = this.#break ? undefined : await this.#fault(entry);
    if (code) this.#break = { n: entry.n, code };
    if (entry.kind === "fold") this.#folds.set(entry.through, entry.hash);
    if (entry.kind === "checkpoint") this.#checkpoints++;
    this.#first ??= entry;
    this.#head = { n: entry.n, hash: hash ?? (await hashOf(entry, this.#subtle)) };
  }

  /** Undefined where there was no entry. */
  result(): Verified | undefined {
    if (!this.#first || !this.#head) return undefined;
    const { n, previous } = this.#first;
    const begins = n === 0 ? "mark" : this.#folds.get(n - 1) === previous ? "fold" : "piece";
    const fault = this.#break ? { break: this.#break } : {};
    return { first: n, head: this.#head, checkpoints: this.#checkpoints, begins, ...fault };
  }

  async #fault(entry: Entry): Promise<Break["code"] | undefined> {
    const head = this.#head;
    const mayBegin = entry.n > 0 || (entry.kind === "mark" && entry.previous === BEGINNING);
    if (!head && !mayBegin) return "beginning";
    if (head && entry.n !== head.n + 1) return "order";
    if (head && entry.kind === "mark" && entry.reason === "damaged") return "damaged";
    if (head && entry.previous !== head.hash) return "link";
    if (entry.kind !== "checkpoint") return undefined;
    if (this.#device !== undefined && entry.key !== this.#device) return "device";
    const { n, previous, at, key, signature } = entry;
    return (await isSigned({ n: n - 1, hash: previous, at, key, signature }, this.#subtle)) ? undefined : "signature";
  }
}

import { canonicalBytes, toHex } from "../bytes.ts";
import type { Verified } from "../chain.ts";
import { ChainVerifier, type DayCount, type Entry, type Gap, type Head, type Signer, type Subtle } from "../chain.ts";
import type { Moment } from "../types.ts";
import { DayCounter, type OffsetAt } from "./days.ts";
import type { JournalEvent } from "./journal.ts";
import { Summariser, type Summary } from "./summary.ts";

/** An entry of the journal's chain. */
export type JournalEntry = Entry<JournalEvent>;

/** An entry as a report has it: its events stand under the report's own `events`, in the order of the entries. */
export type ChainRow =
  | Exclude<JournalEntry, { kind: "events" }>
  | (Omit<Extract<JournalEntry, { kind: "events" }>, "events"> & { readonly count: number });

/** What a report is about. Moments are ms since the epoch, both ends included. */
export interface ReportFrame {
  readonly since: Moment;
  readonly until: Moment;
  readonly generatedAt: Moment;
  /** Version of the extension that writes it. */
  readonly version: string;
  /** IANA name; `days` begin by its clock. */
  readonly timeZone: string;
}

/** Everything that a report says besides its events and the signature under it all. */
export interface ReportHead extends ReportFrame {
  readonly format: "wardlight-report";
  readonly formatVersion: 2;
  /** Of the events between `since` and `until`. */
  readonly summary: Summary;
  /** Oldest first; days without any event are absent. */
  readonly days: readonly DayCount[];
  /** What is left of days whose events are no longer kept, by UTC. */
  readonly folded: readonly DayCount[];
  readonly gaps: readonly Pick<Gap, "cause" | "from" | "until">[];
  /** `name@version` of every network that had a say, sorted. */
  readonly models: readonly string[];
  readonly chain: ReportChain;
}

/** Why the events can be believed. */
export interface ReportChain {
  /** The device's public key, see `Signed`. */
  readonly device: string;
  /** Whole entries, so that some events at either end can lie outside of the period. */
  readonly entries: readonly ChainRow[];
  /** The last of them; absent where there is none. */
  readonly head?: Head;
  /** What was found when it was written. */
  readonly verified?: Verified;
}

/** The record of a span of time, complete enough to be checked by somebody else. */
export interface Report extends ReportHead {
  /** In the order in which they were recorded, which the chain binds. */
  readonly events: readonly JournalEvent[];
  /** The device's signature under everything else, in hexadecimal. */
  readonly seal: string;
}

/** Gathers a report from the entries of a journal, one by one; events are counted and not kept. */
export class ReportBuilder {
  readonly #frame: ReportFrame;
  readonly #verifier: ChainVerifier;
  readonly #signer: Signer;
  readonly #summary = new Summariser();
  readonly #days: DayCounter;
  readonly #folded = new DayCounter();
  readonly #models = new Set<string>();
  readonly #rows: ChainRow[] = [];
  readonly #gaps: Pick<Gap, "cause" | "from" | "until">[] = [];

  constructor(
    frame: ReportFrame,
    { subtle, signer, offsetAt }: { subtle: Subtle; signer: Signer; offsetAt?: OffsetAt },
  ) {
    this.#frame = frame;
    this.#signer = signer;
    this.#verifier = new ChainVerifier(subtle, signer.key);
    this.#days = new DayCounter(offsetAt);
  }

  /** @param hash of the entry, where it is known from its very bytes. */
  async add(entry: JournalEntry, hash?: string): Promise<void> {
    await this.#verifier.add(entry, hash);
    this.#rows.push(rowOf(entry));
    if (entry.kind === "gap") this.#gaps.push({ cause: entry.cause, from: entry.from, until: entry.until });
    if (entry.kind === "fold") for (const day of entry.days) this.#folded.addDay(day);
    if (entry.kind === "events") for (const event of entry.events) this.#count(event);
  }

  /** The report without its events, and the signature under both. */
  async finish(): Promise<{ head: ReportHead; seal: string }> {
    const verified = this.#verifier.result();
    const head: ReportHead = {
      format: "wardlight-report",
      formatVersion: 2,
      ...this.#frame,
      summary: this.#summary.result(),
      days: this.#days.result(),
      folded: this.#folded.result(),
      gaps: this.#gaps,
      models: [...this.#models].sort(),
      chain: {
        device: this.#signer.key,
        entries: this.#rows,
        ...(verified ? { head: verified.head, verified } : {}),
      },
    };
    return { head, seal: toHex(await this.#signer.sign(sealed(head))) };
  }

  #count(event: JournalEvent) {
    if (!isWithin(event, this.#frame)) return;
    this.#summary.add(event);
    this.#days.add(event);
    if (event.kind === "verdict") for (const model of event.models) this.#models.add(model);
  }
}

export function isWithin(
  { at }: { readonly at: Moment },
  { since, until }: Pick<ReportFrame, "since" | "until">,
): boolean {
  return since <= at && at <= until;
}

function rowOf(entry: JournalEntry): ChainRow {
  if (entry.kind !== "events") return entry;
  const { n, at, previous, kind, events } = entry;
  return { n, at, previous, kind, count: events.length };
}

/** What the seal signs: everything but the events and entries themselves, for which the head's hash stands. */
export function sealed(head: object & { readonly chain: object }): Uint8Array<ArrayBuffer> {
  return canonicalBytes({ statement: "wardlight-report", ...head, chain: { ...head.chain, entries: undefined } });
}

import type { Guarded, Screen } from "../../scripts/browser.mjs";
import type { Kind } from "../../scripts/setup.mjs";

/**
 * `ratio` is ours over the peer's, or after over before, in the same run; `share` is a part of 1; `count` a whole
 * number. Bytes are decimal (1 MB = 10⁶), as files are sold; memory is binary and says so.
 */
export type Unit = "ratio" | "share" | "count" | "ms" | "µs" | "bytes" | "MiB";

export type Target = { readonly atMost: number } | { readonly atLeast: number };

/** One line of the table. */
export interface Row {
  /** What was measured and against what, in words that a reader of the README understands. */
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  /** Absent for a figure that stands beside another to compare. */
  readonly target?: Target;
  /** How many were measured, the spread or interval, what the peer is. */
  readonly detail: string;
}

/** A picture's file. */
export interface PictureFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

export interface Pictures {
  /** What they are, for the table: figures on drawings say nothing about photographs. */
  readonly origin: string;
  readonly areDrawn: boolean;
  readonly files: readonly PictureFile[];
}

/** What a bench is given. Whatever it opens through this is closed when it ends, also when it fails. */
export interface BenchContext {
  /** The long form was asked for (`--whole`): the numbers of the specification instead of a part of them. */
  readonly isWhole: boolean;
  /** The built extension in a fresh profile of a real browser; where no screen is named, without one. */
  open(kind: Kind, screen?: Screen): Promise<Guarded>;
  /** `--photos DIR` or `WARDLIGHT_PHOTOS`, else drawn pictures. */
  pictures(): Promise<Pictures>;
  /** The folder in which the peers' packages are installed; installs them at the first call. */
  peers(): Promise<string>;
  /** Whether the time that was given (`--minutes`) is over; always false where none was. */
  isOver(): boolean;
  /** What earlier runs with this build of the same commit had got done, for this one to go on from; [] otherwise. */
  resume<Piece>(name: string): Piece[];
  /** Keeps what is done so far. */
  save(name: string, done: readonly unknown[]): void;
  /** Runs when the bench has ended, last come first. */
  onEnd(close: () => Promise<unknown> | unknown): void;
  /** A line for whoever waits. */
  say(line: string): void;
}

/** A subject of measurement. `test/bench/<name>.bench.ts` exports one as `bench`. */
export interface Bench {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  /** The builds that must be there before. */
  readonly builds: readonly Kind[];
  /** @throws anything; the other benches go on, and the exit status is 1. */
  measure(context: BenchContext): Promise<readonly Row[]>;
}

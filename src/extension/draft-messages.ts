import type { Redacted, Stretch } from "../core/text/redaction.ts";

/** What content scripts may ask about what the user writes. */
export interface DraftDoor {
  /** From now on nothing is said of drafts on the tab's site, at its user's click; never from a private window. */
  quietSite: (request: null) => void;
  /** Puts placeholders in the place of pieces. Nothing of it is kept. */
  redact: (request: RedactRequest) => Plain<Redacted>;
  /** Puts the words back. */
  restore: (request: { readonly text: string; readonly mapping: Pairs }) => string;
}

export interface RedactRequest {
  readonly text: string;
  readonly pieces: readonly Stretch[];
  /** What earlier texts of the conversation led to. */
  readonly known: Pairs;
}

/** Placeholder and the words that it stands for. */
export type Pairs = readonly (readonly [string, string])[];

/** As messages carry it. */
type Plain<T extends Redacted> = Omit<T, "mapping"> & { readonly mapping: Pairs };

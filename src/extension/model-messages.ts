import type { Provider } from "../core/provider.ts";
import type { PackPin, Probability } from "../core/types.ts";

export interface GpuCheck {
  /** Lets an adapter through that is a program on the processor: for tests of the way there. */
  readonly mayBeSoftware: boolean;
}

/** A pack's file by its SHA-256, and what it judges. */
export type PackFile = Pick<PackPin, "kind" | "sha256">;

/**
 * What a pack gives the packaged test card and its control in the category `sexual`, one for text an attack and a question
 * in its highest threat; and how long one takes it.
 */
export interface PackTrial {
  readonly card: Probability;
  readonly control: Probability;
  readonly latencyMs: number;
}

/** How long a network takes for one picture, preparation included, without decoding. */
export interface Measurement {
  /** `name@version`. */
  readonly id: string;
  /** Median. */
  readonly latencyMs: number;
  readonly provider: Provider;
}

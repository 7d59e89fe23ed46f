import type { Provider } from "../core/provider.ts";
import type { Probability } from "../core/types.ts";

export interface GpuCheck {
  /** Lets an adapter through that is a program on the processor: for tests of the way there. */
  readonly mayBeSoftware: boolean;
}

/** A pack's file by its SHA-256. */
export interface PackFile {
  readonly sha256: string;
}

/** What a pack gives the packaged pictures in the category `sexual`, and how long one takes it. */
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

import type { GpuReport, NoGpu, Provider } from "../../core/provider.ts";
import type { Failure, Finding, PackPin } from "../../core/types.ts";
import type { Measurement, PackFile, PackTrial } from "../messages.ts";

/** What goes to a worker; `cancel` names the job by its number, `noGpu` says why not even to try the graphics card. */
export type ToWorker<Input> =
  | { readonly kind: "detect"; readonly job: number; readonly inputs: readonly Input[]; readonly noGpu?: NoGpu }
  | { readonly kind: "cancel"; readonly job: number }
  | { readonly kind: "checkGpu"; readonly mayBeSoftware: boolean }
  /** Before the first job: the packs of the worker's kind that may be asked. */
  | { readonly kind: "packs"; readonly packs: readonly PackPin[] }
  | ({ readonly kind: "tryPack" } & Pick<PackFile, "sha256">)
  | { readonly kind: "measure" };

/** What runs a worker's networks. */
export interface Serving {
  /** By `name@version`. */
  readonly providers: Readonly<Record<string, Provider>>;
  /** Why the graphics card does not serve; absent when it does. */
  readonly noGpu?: NoGpu;
}

export type FromWorker =
  | { readonly kind: "found"; readonly job: number; readonly findings: readonly Finding[] }
  | { readonly kind: "failed"; readonly job: number; readonly failure: Failure }
  | ({ readonly kind: "serving" } & Serving)
  /** The graphics card failed: this worker answers nothing more, and wants another in its place that does without. */
  | { readonly kind: "gaveUp"; readonly noGpu: NoGpu; readonly detail: string }
  | { readonly kind: "checkedGpu"; readonly report: GpuReport }
  /** A pack that could not be opened or run: its opinion alone is missing. `failure.model` names it. */
  | { readonly kind: "packFailed"; readonly failure: Failure }
  | { readonly kind: "triedPack"; readonly trial: PackTrial | Failure }
  | { readonly kind: "measured"; readonly measured: readonly Measurement[] | Failure };

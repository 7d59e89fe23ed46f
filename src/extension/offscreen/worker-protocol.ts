import type { Failure, Finding } from "../../core/types.ts";

/** What goes to a worker; `cancel` names the job by its number. */
export type ToWorker<Input> =
  | { readonly kind: "detect"; readonly job: number; readonly inputs: readonly Input[] }
  | { readonly kind: "cancel"; readonly job: number };

export type FromWorker =
  | { readonly kind: "found"; readonly job: number; readonly findings: readonly Finding[] }
  | { readonly kind: "failed"; readonly job: number; readonly failure: Failure };

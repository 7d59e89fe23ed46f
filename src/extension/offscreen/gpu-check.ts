import { failureOf } from "../../core/errors.ts";
import type { GpuReport } from "../../core/provider.ts";
import { askOnce } from "./once.ts";

/** Longer than the self-check's own limit, for a worker that cannot even answer. */
const LIMIT_MS = 30_000;

/** Tries the graphics card in a worker of its own. */
export async function checkGpu(worker: Worker, mayBeSoftware: boolean): Promise<GpuReport> {
  return askOnce(
    worker,
    [{ kind: "checkGpu", mayBeSoftware }],
    (message) => (message.kind === "checkedGpu" ? message.report : undefined),
    LIMIT_MS,
  ).catch((error: unknown) => ({ noGpu: "selfCheck", detail: failureOf(error).message }));
}

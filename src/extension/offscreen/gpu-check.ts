import type { GpuReport } from "../../core/provider.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";

/** Longer than the self-check's own limit, for a worker that cannot even answer. */
const LIMIT_MS = 30_000;

/** Tries the graphics card in a worker that lives for this alone, so that the one with the pictures is not disturbed. */
export async function checkGpu(worker: Worker, mayBeSoftware: boolean): Promise<GpuReport> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<GpuReport>((resolve) => {
      const failed = (detail: string) => resolve({ noGpu: "selfCheck", detail });
      timer = setTimeout(() => failed(`There was no answer within ${LIMIT_MS / 1000} s.`), LIMIT_MS);
      worker.onerror = ({ message }) => failed(message);
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === "checkedGpu") resolve(data.report);
      };
      worker.postMessage({ kind: "checkGpu", mayBeSoftware } satisfies ToWorker<never>);
    });
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}

import { failureOf } from "../../core/errors.ts";
import type { NoGpu } from "../../core/provider.ts";
import type { Finding } from "../../core/types.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";

/** The Worker's side of `workerClient`: answers each job with its findings or with the failure's cause. */
export function serveWorker<Input>(
  detect: (inputs: readonly Input[], signal: AbortSignal, noGpu?: NoGpu) => Promise<readonly Finding[]>,
): void {
  const running = new Map<number, AbortController>();
  const answer = (message: FromWorker) => postMessage(message);

  addEventListener("message", async ({ data }: MessageEvent<ToWorker<Input>>) => {
    if (data.kind === "cancel") return running.get(data.job)?.abort();
    if (data.kind !== "detect") return;
    const { job, inputs, noGpu } = data;
    const controller = new AbortController();
    running.set(job, controller);
    try {
      answer({ kind: "found", job, findings: await detect(inputs, controller.signal, noGpu) });
    } catch (error) {
      if (!controller.signal.aborted) answer({ kind: "failed", job, failure: failureOf(error) });
    } finally {
      running.delete(job);
    }
  });
}

import { failureOf, WardlightError } from "../../core/errors.ts";
import type { Failure, Finding } from "../../core/types.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";

const IDLE_MS = 60_000;

/** Detectors that live in a Worker of their own, which exists only while there is work. */
export interface WorkerClient<Input> {
  /** One finding an input, in order; rejects with a `WardlightError`, or with the signal's reason. */
  detect(
    inputs: readonly Input[],
    signal: AbortSignal,
    transfer?: readonly Transferable[],
  ): Promise<readonly Finding[]>;
  state(): { readonly state: "asleep" | "ready" | "failed"; readonly failure?: Failure };
}

interface Job {
  resolve(findings: readonly Finding[]): void;
  reject(error: unknown): void;
}

/** @param spawn must be `() => new Worker(new URL(…), …)` at the caller, where the bundler can see the file. */
export function workerClient<Input>(spawn: () => Worker): WorkerClient<Input> {
  const jobs = new Map<number, Job>();
  let worker: Worker | undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let lastJob = 0;
  let lastAnswer = 0;
  let failure: Failure | undefined;

  function awake(): Worker {
    clearTimeout(idle);
    if (!worker) {
      worker = spawn();
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => receive(data);
      worker.onerror = ({ message }) => crash(new WardlightError("model", `The judging worker stopped: ${message}`));
    }
    return worker;
  }

  function receive(message: FromWorker) {
    const job = jobs.get(message.job);
    lastAnswer = lastJob;
    if (message.kind === "found") {
      failure = undefined;
      job?.resolve(message.findings);
    } else {
      failure = message.failure;
      job?.reject(new WardlightError(message.failure.code, message.failure.message));
    }
  }

  function crash(error: WardlightError) {
    failure = failureOf(error);
    end();
    for (const job of jobs.values()) job.reject(error);
  }

  function end() {
    worker?.terminate();
    worker = undefined;
  }

  return {
    detect(inputs, signal, transfer = []) {
      const job = ++lastJob;
      return new Promise<readonly Finding[]>((resolve, reject) => {
        signal.throwIfAborted();
        jobs.set(job, { resolve, reject });
        awake().postMessage({ kind: "detect", job, inputs } satisfies ToWorker<Input>, [...transfer]);
        signal.addEventListener("abort", () => {
          if (!jobs.has(job)) return;
          worker?.postMessage({ kind: "cancel", job } satisfies ToWorker<Input>);
          reject(signal.reason);
          if (isTimeout(signal.reason) && lastAnswer < job) crash(stuck());
        });
      }).finally(() => {
        jobs.delete(job);
        clearTimeout(idle);
        if (jobs.size === 0) idle = setTimeout(end, IDLE_MS);
      });
    },
    state: () => (failure ? { state: "failed", failure } : { state: worker ? "ready" : "asleep" }),
  };
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "TimeoutError";
}

function stuck(): WardlightError {
  return new WardlightError("resource", "The judging worker gave no answer any more and was started anew.");
}

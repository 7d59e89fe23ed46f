import { WardlightError } from "../../core/errors.ts";
import type { NoGpu } from "../../core/provider.ts";
import type { Failure, Finding } from "../../core/types.ts";
import type { FromWorker, Serving, ToWorker } from "./worker-protocol.ts";

const IDLE_MS = 25_000;

/** Detectors that live in a Worker of their own, which exists only while there is work. */
export interface WorkerClient<Input> {
  /** One finding an input, in order; rejects with a `WardlightError`, or with the signal's reason. */
  detect(inputs: readonly Input[], signal: AbortSignal): Promise<readonly Finding[]>;
  state(): WorkerState;
  /**
   * Gives all that the worker remembers up, with the worker. What it was asked, another one answers, which reads anew what
   * this one was greeted with.
   */
  renew(): void;
}

export interface WorkerState {
  readonly isAwake: boolean;
  /** By `name@version`: the models that could not be opened. */
  readonly failures: ReadonlyMap<string, Failure>;
  /** What ran its networks last; absent before the first. */
  readonly serving?: Serving;
}

interface Job<Input> {
  readonly inputs: readonly Input[];
  resolve(findings: readonly Finding[]): void;
  reject(error: unknown): void;
}

/** @param spawn must be `() => new Worker(new URL(…), …)` at the caller, where the bundler can see the file. */
export function workerClient<Input>(spawn: () => Worker): WorkerClient<Input> {
  return new Client(spawn);
}

class Client<Input> implements WorkerClient<Input> {
  readonly #spawn: () => Worker;
  readonly #jobs = new Map<number, Job<Input>>();
  #worker: Worker | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #lastJob = 0;
  /** The newest job when the worker was last heard of. */
  #lastAnswer = 0;
  readonly #failures = new Map<string, Failure>();
  #serving: Serving | undefined;
  #noGpu: NoGpu | undefined;

  constructor(spawn: () => Worker) {
    this.#spawn = spawn;
  }

  detect(inputs: readonly Input[], signal: AbortSignal): Promise<readonly Finding[]> {
    const job = ++this.#lastJob;
    const settled = new AbortController();
    return new Promise<readonly Finding[]>((resolve, reject) => {
      signal.throwIfAborted();
      this.#jobs.set(job, { inputs, resolve, reject });
      this.#post(job, inputs);
      const leave = () => {
        this.#worker?.postMessage({ kind: "cancel", job } satisfies ToWorker<Input>);
        reject(signal.reason);
        if (isTimeout(signal.reason) && this.#lastAnswer < job) this.#crash(stuck());
      };
      signal.addEventListener("abort", leave, { signal: settled.signal });
    }).finally(() => {
      // What waits for a time limit would keep the inputs in memory until then.
      settled.abort();
      this.#jobs.delete(job);
      clearTimeout(this.#idle);
      if (this.#jobs.size === 0) this.#idle = setTimeout(() => this.#end(), IDLE_MS);
    });
  }

  state(): WorkerState {
    const serving = this.#serving ? { serving: this.#serving } : {};
    return { isAwake: this.#worker !== undefined, failures: this.#failures, ...serving };
  }

  renew(): void {
    this.#failures.clear();
    if (!this.#worker) return;
    this.#end();
    for (const [job, { inputs }] of this.#jobs) this.#post(job, inputs);
  }

  #post(job: number, inputs: readonly Input[]) {
    const noGpu = this.#noGpu ? { noGpu: this.#noGpu } : {};
    this.#awake().postMessage({ kind: "detect", job, inputs, ...noGpu } satisfies ToWorker<Input>);
  }

  #awake(): Worker {
    clearTimeout(this.#idle);
    if (this.#worker) return this.#worker;
    const worker = this.#spawn();
    // A word from a worker that has been replaced since is no word.
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#worker === worker && this.#receive(data);
    worker.onerror = ({ message }) => {
      if (this.#worker === worker) this.#crash(new WardlightError("model", `The judging worker stopped: ${message}`));
    };
    this.#worker = worker;
    return worker;
  }

  #receive(message: FromWorker) {
    if (message.kind === "serving") this.#serving = { providers: message.providers, ...noGpuOf(message) };
    else if (message.kind === "gaveUp") this.#startOver(message.noGpu);
    else if (message.kind === "packFailed") this.#note({ signals: [], failure: message.failure });
    else if (message.kind === "found" || message.kind === "failed") this.#settle(message);
  }

  #settle(message: Extract<FromWorker, { job: number }>) {
    const job = this.#jobs.get(message.job);
    this.#lastAnswer = this.#lastJob;
    if (message.kind === "found") {
      for (const finding of message.findings) this.#note(finding);
      job?.resolve(message.findings);
    } else {
      job?.reject(new WardlightError(message.failure.code, message.failure.message));
    }
  }

  /** The same work in another worker, which leaves the graphics card alone; so does every later one. */
  #startOver(why: NoGpu) {
    this.#noGpu = why;
    this.#serving = undefined;
    this.renew();
  }

  #note({ signals, failure }: Finding) {
    for (const { model } of signals) if (model !== undefined) this.#failures.delete(model);
    if (failure?.model !== undefined) this.#failures.set(failure.model, failure);
  }

  #crash(error: WardlightError) {
    this.#end();
    for (const job of this.#jobs.values()) job.reject(error);
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function noGpuOf({ noGpu }: Serving): Pick<Serving, "noGpu"> {
  return noGpu ? { noGpu } : {};
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "TimeoutError";
}

function stuck(): WardlightError {
  return new WardlightError("resource", "The judging worker gave no answer any more and was started anew.");
}

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { JournalEvent } from "../../src/core/report/journal.ts";
import { Outbox } from "../../src/extension/offscreen/outbox.ts";
import { workerClient } from "../../src/extension/offscreen/worker-client.ts";
import type { ToWorker } from "../../src/extension/offscreen/worker-protocol.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const event = (id: number): JournalEvent => ({
  kind: "tally",
  id: `${id}`,
  at: id,
  site: "",
  subject: "text",
  allowed: 1,
});

describe("the outbox", () => {
  test("gathers events and sends each again until it was acknowledged, in order", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const taken: string[] = [];
    let refusals = 3;
    const outbox = new Outbox(async (events) => {
      if (refusals-- > 0) throw new Error("the background is gone");
      taken.push(...events.map(({ id }) => id));
    });
    outbox.add(event(1));
    outbox.add(event(2));
    await vi.advanceTimersByTimeAsync(250);
    outbox.add(event(3));
    expect(taken).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(taken).toEqual(["1", "2", "3"]);
  });

  test("sends a large backlog in batches", async () => {
    const sizes: number[] = [];
    const outbox = new Outbox(async (events) => void sizes.push(events.length));
    for (let i = 0; i < 450; i++) outbox.add(event(i));
    await vi.runAllTimersAsync();
    expect(sizes).toEqual([200, 200, 50]);
  });
});

describe("the worker's client", () => {
  class FakeWorker {
    onmessage: ((event: { data: unknown }) => void) | undefined;
    onerror: ((event: { message: string }) => void) | undefined;
    readonly sent: ToWorker<string>[] = [];
    isTerminated = false;
    postMessage(message: ToWorker<string>) {
      this.sent.push(message);
    }
    terminate() {
      this.isTerminated = true;
    }
  }
  let workers: FakeWorker[];
  const client = () =>
    workerClient<string>(() => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    });
  const signal = new AbortController().signal;
  const found = (job: number) => ({ data: { kind: "found", job, findings: [{ signals: [] }] } });

  beforeEach(() => {
    workers = [];
  });

  test("starts a worker with the first job and ends it when idle", async () => {
    const detectors = client();
    expect([workers.length, detectors.state().isAwake]).toEqual([0, false]);
    const answer = detectors.detect(["a"], signal);
    workers[0]?.onmessage?.(found(1));
    expect(await answer).toEqual([{ signals: [] }]);
    expect(detectors.state().isAwake).toBe(true);
    await vi.advanceTimersByTimeAsync(61_000);
    expect([workers[0]?.isTerminated, detectors.state().isAwake]).toEqual([true, false]);
  });

  test("a model that could not be opened is named until it speaks again; another failure blames none", async () => {
    const detectors = client();
    const answer = async (job: number, finding: object) => {
      const asked = detectors.detect(["a"], signal);
      workers[0]?.onmessage?.({ data: { kind: "found", job, findings: [{ signals: [], ...finding }] } });
      await asked;
      return [...detectors.state().failures.keys()];
    };
    const failure = { code: "security", message: "altered" };
    expect(await answer(1, { failure })).toEqual([]);
    expect(await answer(2, { failure: { ...failure, model: "m@1" } })).toEqual(["m@1"]);
    expect(await answer(3, { signals: [{ model: "m@1" }] })).toEqual([]);
  });

  test("a crash refuses every job with its cause, and the next job has a new worker", async () => {
    const detectors = client();
    const answers = [detectors.detect(["a"], signal), detectors.detect(["b"], signal)];
    workers[0]?.onerror?.({ message: "out of memory" });
    for (const answer of answers) await expect(answer).rejects.toMatchObject({ code: "model" });
    expect(detectors.state().isAwake).toBe(false);
    const next = detectors.detect(["c"], signal);
    workers[1]?.onmessage?.(found(3));
    expect(await next).toEqual([{ signals: [] }]);
  });

  test("a graphics card that is given up costs no job its answer: another worker does it without the card", async () => {
    const detectors = client();
    const answers = [detectors.detect(["a"], signal), detectors.detect(["b"], signal)];
    workers[0]?.onmessage?.({ data: { kind: "serving", providers: { "m@1": "webgpu" } } });
    expect(detectors.state().serving).toEqual({ providers: { "m@1": "webgpu" } });
    workers[0]?.onmessage?.(found(1));
    await answers[0];
    workers[0]?.onmessage?.({ data: { kind: "gaveUp", noGpu: "lost", detail: "driver reset" } });
    expect([workers.length, workers[0]?.isTerminated, detectors.state().serving]).toEqual([2, true, undefined]);
    expect(workers[1]?.sent).toEqual([{ kind: "detect", job: 2, inputs: ["b"], noGpu: "lost" }]);

    workers[0]?.onmessage?.({ data: { kind: "failed", job: 2, failure: { code: "model", message: "late" } } });
    workers[1]?.onmessage?.({ data: { kind: "serving", providers: { "m@1": "wasm" }, noGpu: "lost" } });
    workers[1]?.onmessage?.(found(2));
    expect(await answers[1]).toEqual([{ signals: [] }]);
    expect(detectors.state().serving).toEqual({ providers: { "m@1": "wasm" }, noGpu: "lost" });
  });

  test("a card that is lost while nothing is asked is not tried again", async () => {
    const detectors = client();
    const answer = detectors.detect(["a"], signal);
    workers[0]?.onmessage?.(found(1));
    await answer;
    workers[0]?.onmessage?.({ data: { kind: "gaveUp", noGpu: "lost", detail: "" } });
    expect(workers).toHaveLength(1);
    void detectors.detect(["b"], signal);
    expect(workers[1]?.sent).toEqual([{ kind: "detect", job: 2, inputs: ["b"], noGpu: "lost" }]);
  });

  test("a worker that is renewed forgets what it knew, and what it was asked is answered by the next", async () => {
    const detectors = client();
    detectors.renew();
    expect(workers).toHaveLength(0);
    const answer = detectors.detect(["a"], signal);
    detectors.renew();
    expect([workers.length, workers[0]?.isTerminated, workers[1]?.sent.length]).toEqual([2, true, 1]);
    workers[1]?.onmessage?.(found(1));
    expect(await answer).toEqual([{ signals: [] }]);
  });

  test("a pack that could not be used is named, and forgotten with the next worker, which does the open work", async () => {
    const detectors = client();
    const answer = detectors.detect(["a"], signal);
    const failure = { code: "security", message: "altered", model: "own@1" };
    workers[0]?.onmessage?.({ data: { kind: "packFailed", failure } });
    expect([...detectors.state().failures.keys()]).toEqual(["own@1"]);
    detectors.renew();
    expect([workers[0]?.isTerminated, detectors.state().failures.size]).toEqual([true, 0]);
    expect(workers[1]?.sent).toEqual([{ kind: "detect", job: 1, inputs: ["a"] }]);
    workers[1]?.onmessage?.(found(1));
    expect(await answer).toEqual([{ signals: [] }]);
  });

  test("a cancelled job is given up at once, and the worker is told", async () => {
    const detectors = client();
    const controller = new AbortController();
    const answer = detectors.detect(["a"], controller.signal);
    controller.abort();
    await expect(answer).rejects.toThrow();
    expect(workers[0]?.sent.at(-1)).toEqual({ kind: "cancel", job: 1 });
  });

  test("a worker that answers nothing within a job's time is started anew, with a cause for what it held", async () => {
    const detectors = client();
    const controller = new AbortController();
    const answers = [detectors.detect(["a"], controller.signal), detectors.detect(["b"], signal)];
    controller.abort(new DOMException("", "TimeoutError"));
    const [first, second] = await Promise.allSettled(answers);
    expect(first).toMatchObject({ status: "rejected", reason: { name: "TimeoutError" } });
    expect(second).toMatchObject({ status: "rejected", reason: { code: "resource" } });
    expect(workers[0]?.isTerminated).toBe(true);
  });

  test("one that still answers others is left alone when a job takes too long", async () => {
    const detectors = client();
    const controller = new AbortController();
    const slow = detectors.detect(["a"], controller.signal);
    const quick = detectors.detect(["b"], signal);
    workers[0]?.onmessage?.(found(2));
    await quick;
    controller.abort(new DOMException("", "TimeoutError"));
    await expect(slow).rejects.toThrow();
    expect(workers[0]?.isTerminated).toBe(false);
  });
});

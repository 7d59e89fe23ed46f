import { afterEach, expect, test, vi } from "vitest";
import { checkGpu } from "../../src/extension/offscreen/gpu-check.ts";
import { measure, tryPack } from "../../src/extension/offscreen/pack-check.ts";
import type { FromWorker, ToWorker } from "../../src/extension/offscreen/worker-protocol.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** A worker that answers the last request with this, or throws where there is nothing to say. */
function worker(answer?: FromWorker) {
  const sent: ToWorker<never>[] = [];
  const fake = {
    sent,
    isTerminated: false,
    onmessage: undefined as ((event: { data: FromWorker }) => void) | undefined,
    onerror: undefined as ((event: { message: string }) => void) | undefined,
    postMessage(message: ToWorker<never>) {
      sent.push(message);
      if (message.kind !== "packs" && answer) fake.onmessage?.({ data: answer });
    },
    terminate() {
      fake.isTerminated = true;
    },
  };
  return fake;
}
const asWorker = (fake: ReturnType<typeof worker>) => fake as unknown as Worker;
const trial = { card: 0.9, control: 0.1, latencyMs: 5 };
const failure = { code: "model", message: "no finite numbers" } as const;

test("a pack's trial is answered, and its worker ends", async () => {
  const fake = worker({ kind: "triedPack", trial });
  expect(await tryPack(asWorker(fake), { sha256: "a" })).toEqual(trial);
  expect([fake.sent, fake.isTerminated]).toEqual([[{ kind: "tryPack", sha256: "a" }], true]);
});

test("what is wrong with a pack is thrown", async () => {
  const refused = tryPack(asWorker(worker({ kind: "triedPack", trial: failure })), { sha256: "a" });
  await expect(refused).rejects.toMatchObject(failure);
});

test("who measures is told of the packs first", async () => {
  const fake = worker({ kind: "measured", measured: [] });
  expect(await measure(asWorker(fake), [])).toEqual([]);
  expect(fake.sent.map(({ kind }) => kind)).toEqual(["packs", "measure"]);
});

test("a worker that stops, or says nothing in its time, is the cause", async () => {
  const stopped = worker();
  const broken = tryPack(asWorker(stopped), { sha256: "a" });
  stopped.onerror?.({ message: "out of memory" });
  await expect(broken).rejects.toMatchObject({ code: "model", message: "out of memory" });

  vi.useFakeTimers();
  const silent = worker();
  const late = expect(tryPack(asWorker(silent), { sha256: "a" })).rejects.toThrow("no answer within");
  await vi.advanceTimersByTimeAsync(120_000);
  await late;
  expect(silent.isTerminated).toBe(true);

  const unanswered = checkGpu(asWorker(worker()), false);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await unanswered).toMatchObject({ noGpu: "selfCheck", detail: expect.stringContaining("30 s") });
});

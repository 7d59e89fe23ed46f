import { isHeld } from "./held.ts";

/** Not to be felt by the user: a third of the time between two frames. */
const SLICE_MS = 5;
/** In a tab behind, which is called rarely and where nobody feels it. */
const BEHIND_MS = 40;
const WITHIN_MS = 1_000;

/**
 * Goes through steps when the browser is idle, a slice at a time.
 * @param onSlice is called before each slice; the page may have changed since the last one.
 * @param isUrgent the user waits for it.
 * @returns what the steps led to, and the time that they took. Rejects when `signal` is aborted.
 */
export async function inSlices<Result>(
  steps: Iterator<unknown, Result>,
  onSlice: () => void,
  signal: AbortSignal,
  isUrgent = false,
): Promise<{ result: Result; spentMs: number }> {
  for (let spentMs = 0; ; ) {
    // A tab behind is held until it comes to the front.
    while (isHeld() && !document.hidden) await soon(() => signal.throwIfAborted());
    const { step, ms } = await (isUrgent ? soon : whenIdle)(() => slice(steps, onSlice, signal));
    spentMs += ms;
    if (step.done) return { result: step.value, spentMs };
  }
}

function slice<Result>(steps: Iterator<unknown, Result>, onSlice: () => void, signal: AbortSignal) {
  signal.throwIfAborted();
  const from = performance.now();
  const until = from + (document.hidden ? BEHIND_MS : SLICE_MS);
  onSlice();
  let step = steps.next();
  while (!step.done && performance.now() < until) step = steps.next();
  return { step, ms: performance.now() - from };
}

function whenIdle<Result>(job: () => Result): Promise<Result> {
  return new Promise((resolve, reject) => {
    requestIdleCallback(() => attempt(job, resolve, reject), { timeout: WITHIN_MS });
  });
}

function soon<Result>(job: () => Result): Promise<Result> {
  return new Promise((resolve, reject) => {
    setTimeout(() => attempt(job, resolve, reject));
  });
}

function attempt<Result>(job: () => Result, resolve: (result: Result) => void, reject: (error: unknown) => void) {
  try {
    resolve(job());
  } catch (error) {
    reject(error);
  }
}

/** Not to be felt by the user: a third of the time between two frames. */
const SLICE_MS = 5;
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
    await (isUrgent ? turn() : idleness());
    signal.throwIfAborted();
    const from = performance.now();
    onSlice();
    const step = advance(steps, from + SLICE_MS);
    spentMs += performance.now() - from;
    if (step.done) return { result: step.value, spentMs };
  }
}

function advance<Result>(steps: Iterator<unknown, Result>, until: number): IteratorResult<unknown, Result> {
  let step = steps.next();
  while (!step.done && performance.now() < until) step = steps.next();
  return step;
}

function idleness(): Promise<unknown> {
  return new Promise((resolve) => requestIdleCallback(resolve, { timeout: WITHIN_MS }));
}

function turn(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve));
}

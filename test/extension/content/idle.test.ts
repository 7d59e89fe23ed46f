import { afterEach, expect, test, vi } from "vitest";
import { setHeld } from "../../../src/extension/content/held.ts";
import { inSlices } from "../../../src/extension/content/idle.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const begin = (hidden: boolean) => {
  vi.stubGlobal("requestIdleCallback", (job: () => void) => setTimeout(job));
  vi.stubGlobal("document", { hidden });
  const steps = [1, 2, 3][Symbol.iterator]();
  const onSlice = vi.fn();
  return { onSlice, ended: inSlices(steps, onSlice, new AbortController().signal) };
};

afterEach(() => {
  setHeld(false);
  vi.unstubAllGlobals();
});

test("nobody reads while the browser works out a frame by itself", async () => {
  setHeld(true);
  const { onSlice, ended } = begin(false);
  for (let i = 0; i < 5; i++) await turn();
  expect(onSlice).not.toHaveBeenCalled();
  setHeld(false);
  await ended;
  expect(onSlice).toHaveBeenCalled();
});

test("a tab behind has no frames to wait for", async () => {
  setHeld(true);
  const { onSlice, ended } = begin(true);
  await ended;
  expect(onSlice).toHaveBeenCalled();
});

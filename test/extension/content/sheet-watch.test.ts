import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SheetWatch } from "../../../src/extension/content/sheet-watch.ts";
import type { Tree, Trees } from "../../../src/extension/content/trees.ts";

let frames: (() => void)[] = [];
let [now, frameMs] = [0, 0];

beforeEach(() => {
  [frames, now] = [[], 0];
  vi.useFakeTimers();
  vi.spyOn(performance, "now").mockImplementation(() => now);
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => frames.push(callback));
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Draws frames until nobody asks for more, or so many; says how many it drew. */
function draw(most: number): number {
  for (let i = 0; i < most; i++) {
    const due = frames.splice(0);
    if (due.length === 0) return i;
    now += frameMs;
    for (const callback of due) callback();
  }
  return most;
}

function watched() {
  const sheets: CSSStyleSheet[] = [];
  const tree = { styleSheets: [], adoptedStyleSheets: sheets } as unknown as Tree;
  const news: CSSStyleSheet[] = [];
  const watch = new SheetWatch(
    { all: () => [tree] } as unknown as Trees,
    (_, changed) => news.push(...changed),
    new AbortController().signal,
  );
  watch.enter(tree);
  const adopt = () => sheets.push({ cssRules: [{}], disabled: false } as unknown as CSSStyleSheet);
  return { watch, news, adopt };
}

test.each([
  [16, 63],
  [500, 60],
  [8, 125],
])("with a frame in %i ms, sheets are compared in %i frames after a stir, and no more", (ms, count) => {
  frameMs = ms;
  const { watch } = watched();
  watch.stir();
  expect(draw(1_000)).toBe(count);
});

test("a sheet that a busy machine's page adopts many seconds after it did anything is found with the next frame", () => {
  frameMs = 500;
  const { watch, news, adopt } = watched();
  watch.stir();
  draw(40);
  adopt();
  draw(1);
  expect(news).toHaveLength(1);
});

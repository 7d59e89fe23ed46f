import { browser } from "../browser.ts";

/** By symbol, since a page's element with an `id` becomes a property of the window by name. */
const aliveOf = (name: string) => Symbol.for(`wardlight-alive-${name}`);
const takeOverOf = (name: string) => `wardlight-take-over-${name}`;

/** After an update or removal Chrome leaves the old content script in its page, cut off from the extension. */
export function isOrphaned(): boolean {
  return browser.runtime?.id === undefined;
}

/**
 * Starts a guard, unless this frame has one that lives: the background adds the content script to open tabs without
 * knowing which have it. A guard that was cut off steps back first. (Firefox ends it by itself.)
 * @param start answers with how to step back.
 * @param name of the content script: a frame has several.
 */
export function takeOver(start: () => () => void, name = "guard"): void {
  const world = globalThis as unknown as Record<symbol, (() => boolean) | undefined>;
  const alive = aliveOf(name);
  if (world[alive]?.()) return;
  world[alive] = () => !isOrphaned();
  document.dispatchEvent(new Event(takeOverOf(name)));
  const stepBack = start();
  const listening = new AbortController();
  const onTakeOver = () => {
    // A page can send this event too: a guard that lives does not heed it.
    if (!isOrphaned()) return;
    listening.abort();
    stepBack();
  };
  document.addEventListener(takeOverOf(name), onTakeOver, { signal: listening.signal });
}

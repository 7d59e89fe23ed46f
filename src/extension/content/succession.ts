import { browser } from "../browser.ts";

/** By symbol, since a page's element with an `id` becomes a property of the window by name. */
const ALIVE = Symbol.for("wardlight-alive");
const TAKE_OVER = "wardlight-take-over";

/** After an update or removal Chrome leaves the old content script in its page, cut off from the extension. */
export function isOrphaned(): boolean {
  return browser.runtime?.id === undefined;
}

/**
 * Starts a guard, unless this frame has one that lives: the background adds the content script to open tabs without
 * knowing which have it. A guard that was cut off steps back first. (Firefox ends it by itself.)
 * @param start answers with how to step back.
 */
export function takeOver(start: () => () => void): void {
  const world = globalThis as { [ALIVE]?: () => boolean };
  if (world[ALIVE]?.()) return;
  world[ALIVE] = () => !isOrphaned();
  document.dispatchEvent(new Event(TAKE_OVER));
  const stepBack = start();
  const listening = new AbortController();
  const onTakeOver = () => {
    // A page can send this event too: a guard that lives does not heed it.
    if (!isOrphaned()) return;
    listening.abort();
    stepBack();
  };
  document.addEventListener(TAKE_OVER, onTakeOver, { signal: listening.signal });
}

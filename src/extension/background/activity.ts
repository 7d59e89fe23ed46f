import { type Scene, turnTo } from "../../core/analytics/activity.ts";
import { type HostClass, hostClassOf } from "../../core/analytics/host-class.ts";
import { hostOf } from "../../core/host.ts";
import type { Journal } from "../../storage/journal.ts";
import { browser } from "../browser.ts";

const KEY = "scene";
/** Nobody is there who has not touched anything for so long. */
const AWAY_SECONDS = 300;

/** Firefox for Android has none: there everybody counts as present. */
const idle: typeof browser.idle | undefined = browser.idle;

/**
 * Measures active time: which class of host stands in the window in front while somebody is there. No host is kept. It
 * does nothing by itself: the browser tells of tabs, windows and the user's leaving.
 */
export function watchActivity(journal: Pick<Journal, "addSpan">): void {
  if (browser.extension.inIncognitoContext) return;
  let last: Promise<unknown> = Promise.resolve();
  const look = () => {
    // Each look rests on what the one before has left.
    last = last.then(() => lookAround(journal)).catch((error) => console.warn("Active time was not counted.", error));
  };
  idle?.setDetectionInterval(AWAY_SECONDS);
  idle?.onStateChanged.addListener(look);
  browser.tabs.onActivated.addListener(look);
  browser.tabs.onRemoved.addListener(look);
  browser.webNavigation.onCommitted.addListener(({ frameId }) => {
    if (frameId === 0) look();
  });
  browser.windows?.onFocusChanged.addListener(look);
}

async function lookAround(journal: Pick<Journal, "addSpan">): Promise<void> {
  const before = ((await browser.storage.session.get(KEY))[KEY] as Scene | undefined) ?? null;
  const { scene, span } = turnTo(before, await inFront(), Date.now());
  if (scene !== before) await browser.storage.session.set({ [KEY]: scene });
  if (span) await journal.addSpan(span);
}

/** The class of what is in front, or null where nobody looks, or at nothing that counts. */
async function inFront(): Promise<HostClass | null> {
  const [state, [tab]] = await Promise.all([
    idle?.queryState(AWAY_SECONDS) ?? "active",
    browser.tabs.query({ active: true, lastFocusedWindow: true }),
  ]);
  if (state !== "active" || !tab || tab.incognito) return null;
  const window = await browser.windows?.get(tab.windowId ?? -1);
  const host = window?.focused === false ? undefined : hostOf(tab.url ?? "");
  return host === undefined ? null : hostClassOf(host);
}

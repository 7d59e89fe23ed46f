import { hasSiteAccess } from "../access.ts";
import { browser } from "../browser.ts";
import { sendToFrame } from "../messages.ts";
import { type Sight, sightOf } from "./sight.ts";

export interface Seen {
  readonly tabId: number;
  readonly sight: Sight;
  /** Of all sites; a single site can be seen without. */
  readonly hasAccess: boolean;
}

/** Asks every frame of the tab that the popup speaks of. */
export async function look(): Promise<Seen> {
  const [{ id: tabId = -1, url, status }, hasAccess] = await Promise.all([findTab(), hasSiteAccess()]);
  const sight = sightOf({
    url,
    isLoading: status === "loading",
    hasAccess,
    base: browser.runtime.getURL(""),
    frames: await framesOf(tabId),
  });
  return { tabId, sight, hasAccess };
}

/** What those frames of a tab answer in which a guard lives. */
export async function fromFrames<Answer>(
  tabId: number,
  ask: (frame: { tabId: number; frameId: number }) => Promise<Answer>,
): Promise<Answer[]> {
  const frames = (await browser.webNavigation.getAllFrames({ tabId })) ?? [];
  const answers = await Promise.allSettled(frames.map(({ frameId }) => ask({ tabId, frameId })));
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
}

/** The active tab; where the popup is opened in a tab of its own, the one named in its address: `?tab=ID`. */
async function findTab() {
  const named = new URLSearchParams(location.search).get("tab");
  if (named !== null) return browser.tabs.get(Number(named));
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  return tab ?? { id: undefined, url: undefined, status: undefined };
}

async function framesOf(tabId: number) {
  const frames = (await browser.webNavigation.getAllFrames({ tabId }).catch(() => undefined)) ?? [];
  return Promise.all(
    frames.map(async ({ frameId }) => {
      const frame = { tabId, frameId };
      const [summary, texts] = await Promise.all([
        sendToFrame(frame, "page", "summary", null).catch(() => undefined),
        sendToFrame(frame, "texts", "summary", null).catch(() => undefined),
      ]);
      return { frameId, summary, texts };
    }),
  );
}

import { hostOf, suffixesOf } from "../../core/host.ts";
import type { Settings } from "../../core/policy.ts";
import type { JournalEvent } from "../../core/report/journal.ts";
import { isPageEntry } from "../../core/url/page-entry.ts";
import { browser } from "../browser.ts";
import type { PageDescription } from "../messages.ts";
import { keepPageLabels, pageOf } from "./page-labels.ts";
import { type Navigation, noticeFrame, warnPage } from "./page-notices.ts";
import { endPassages, passagesOf } from "./proceed.ts";
import { isStopped, type JudgedUrl, judgeUrl, listedAs } from "./url-judge.ts";

const PAGE = "src/extension/blocked/index.html";
/** One navigation is told several times: when it begins, when Chrome tries it by https first, when it is refused. */
const SAME_NAVIGATION_MS = 3_000;

/** Judges the address that a frame shows, and stops it where it is to be. */
export type NavigationJudge = (navigation: Navigation) => Promise<void>;

/**
 * Judges the address of every navigation, puts the blocked page in place of a bad one, and has the page around a bad
 * frame say so. Answers with what judges an address.
 */
export function guardNavigation(
  settings: () => Promise<Settings>,
  record: (events: readonly JournalEvent[]) => Promise<void>,
): NavigationJudge {
  const handled = new Map<number, { site: string; at: number }>();
  /** The blocked page that a tab shows now. */
  const standing = new Map<number, string>();
  /** What each frame was sent to at first: by that address its page knows it, also after a redirect. */
  const asked = new Map<string, string>();

  async function onNavigation(details: Navigation) {
    const { tabId, frameId, url } = details;
    if (hostOf(url) === undefined) return;
    const [judged, passages] = await Promise.all([settings().then((now) => judgeUrl(url, now)), passagesOf(tabId)]);
    if (!isStopped(judged) || suffixesOf(judged.host).some((host) => passages.includes(host))) return;
    if (frameId === 0) await stop(tabId, judged);
    else await noticeFrame(details, asked.get(`${tabId}:${frameId}`) ?? url, judged);
  }

  async function stop(tabId: number, judged: JudgedUrl) {
    const { host, event, url } = judged;
    // From the blocked page back to the browser's own error page: that one is stepped over when it is there.
    if (standing.get(tabId) === blockedPage(url) && isRefused(judged)) return;
    const last = handled.get(tabId);
    const isTold = last?.site === host;
    if (isTold && event.at - last.at < SAME_NAVIGATION_MS) return;
    handled.set(tabId, { site: host, at: event.at });
    await Promise.all([
      browser.tabs.update(tabId, { url: blockedPage(url) }),
      // A busy machine may tell the same navigation late; until the tab shows another page it is one visit.
      !isTold && unlessPrivate(tabId, () => record([event])),
    ]);
  }

  browser.webNavigation.onBeforeNavigate.addListener((details) => {
    const { tabId, frameId, url } = details;
    if (frameId > 0) asked.set(`${tabId}:${frameId}`, url);
    return onNavigation(details);
  });
  // A server's redirect to a listed host is first heard of here.
  browser.webNavigation.onErrorOccurred.addListener(async (details) => {
    if (details.frameId === 0 && isErrorPage(details)) {
      if (standing.get(details.tabId) === blockedPage(details.url)) return browser.tabs.goBack(details.tabId);
      await noteErrorPage(details);
    }
    await onNavigation(details);
  });
  // A redirect to a single listed page, and an address that a page gives itself without being loaded.
  browser.webNavigation.onCommitted.addListener(async (details) => {
    if (details.frameId !== 0) return;
    if (details.url.startsWith(browser.runtime.getURL(PAGE))) standing.set(details.tabId, details.url);
    else standing.delete(details.tabId);
    if (!details.url.startsWith(browser.runtime.getURL(""))) handled.delete(details.tabId);
    await onNavigation(details);
  });
  browser.webNavigation.onHistoryStateUpdated.addListener(async (details) => {
    await onNavigation(details);
    if (details.frameId === 0) await warnPage(details, await settings());
  });
  browser.tabs.onRemoved.addListener((tabId) => {
    handled.delete(tabId);
    standing.delete(tabId);
    for (const key of asked.keys()) if (key.startsWith(`${tabId}:`)) asked.delete(key);
    void browser.storage.session.remove(errorPageKey(tabId));
    void endPassages(tabId);
  });
  return onNavigation;
}

/** Judges what the open tabs show: what they asked for while nobody listened, or before other hours began. */
export async function judgeOpenTabs(judge: NavigationJudge): Promise<void> {
  const tabs = await browser.tabs.query({ url: ["http://*/*", "https://*/*"] });
  await Promise.all(tabs.map(({ id, url }) => id !== undefined && url && judge({ tabId: id, frameId: 0, url })));
}

/** Judges a page anew by what its text turned out to be about, if its tab shows it still. */
export async function judgeDescribed(
  { tabId, url, described }: PageDescription,
  judge: NavigationJudge,
): Promise<void> {
  await keepPageLabels(url, described);
  const shown = (await browser.tabs.get(tabId).catch(() => undefined))?.url ?? "";
  if (pageOf(shown) === pageOf(url)) await judge({ tabId, frameId: 0, url });
}

async function unlessPrivate(tabId: number, act: () => Promise<void>) {
  const { incognito } = await browser.tabs.get(tabId);
  if (!incognito) await act();
}

async function noteErrorPage({ tabId, url }: Navigation) {
  await browser.storage.session.set({ [errorPageKey(tabId)]: hostOf(url) });
}

/**
 * How far the blocked page of `url` lies from what the tab showed before. Chrome puts its own error page for the refused
 * address between the two; going back to that one would only lead here again.
 */
export async function stepsBack(tabId: number, url: string): Promise<number> {
  const key = errorPageKey(tabId);
  return (await browser.storage.session.get(key))[key] === hostOf(url) ? 2 : 1;
}

/** Whether the browser itself refuses it: a host is in its rules, a single page is not. */
function isRefused(judged: JudgedUrl): boolean {
  const listed = listedAs(judged);
  return listed !== undefined && !isPageEntry(listed.entry);
}

function isErrorPage(details: object): boolean {
  return "error" in details && details.error === "net::ERR_BLOCKED_BY_CLIENT";
}

function errorPageKey(tabId: number): string {
  return `error-page-${tabId}`;
}

/** What stands in the tab in place of a bad page. */
export function blockedPage(url: string): string {
  return `${browser.runtime.getURL(PAGE)}#${new URLSearchParams({ url })}`;
}

import { hostOf, suffixesOf } from "../../core/host.ts";
import type { Settings } from "../../core/policy.ts";
import type { JournalEvent } from "../../core/report/journal.ts";
import type { Signal } from "../../core/types.ts";
import { pageSignals, parsePageFacts } from "../../core/url/detectors.ts";
import { browser, type Runtime } from "../browser.ts";
import type { LinkWarning, PageWarning } from "../messages.ts";
import { blockedPage } from "./navigation.ts";
import { keepPageSignals } from "./page-signals.ts";
import { passagesOf } from "./proceed.ts";
import { isStopped, judgeUrl, judgeUrls } from "./url-judge.ts";
import { warningOf } from "./warning.ts";

/** A page asks in several messages where it has more. */
const MAX_LINKS = 100;
const MAX_ADDRESS = 4_096;

/** What is to be said of the page that a content script stands in; null where nothing is. */
export async function warningFor(
  { tab, url = "", frameId }: Runtime.MessageSender,
  settings: Settings,
  facts: unknown,
  record: (events: readonly JournalEvent[]) => Promise<void>,
): Promise<PageWarning | null> {
  if (frameId !== 0 || hostOf(url) === undefined || tab?.id === undefined) return null;
  const signals = signalsOf(url, facts);
  const judged = await judgeUrl(url, settings, signals);
  const passages = await passagesOf(tab.id);
  if (judged.action.kind === "allow" || suffixesOf(judged.host).some((host) => passages.includes(host))) return null;
  // The address alone is told in the journal when the page arrives; later only what the page adds to it.
  const isNews = facts === null || signals.length > 0;
  if (isNews && !tab.incognito) await record([judged.event]);
  if (isStopped(judged)) {
    await keepPageSignals(url, signals);
    await browser.tabs.update(tab.id, { url: blockedPage(url) });
  }
  return warningOf(judged);
}

/** What a page says of itself is not trusted: facts that are not sound say nothing. */
function signalsOf(url: string, facts: unknown): Signal[] {
  if (facts === null || facts === undefined) return [];
  try {
    return pageSignals(url, parsePageFacts(facts));
  } catch {
    return [];
  }
}

/** Those of a page's links that are bad; what is no web address is passed over. */
export async function judgeLinks(links: unknown, settings: Settings): Promise<LinkWarning[]> {
  const isLink = (link: unknown): link is string =>
    typeof link === "string" && link.length <= MAX_ADDRESS && hostOf(link) !== undefined;
  const sound = Array.isArray(links) ? links.slice(0, MAX_LINKS).filter(isLink) : [];
  const judged = await judgeUrls([...new Set(sound)], settings);
  return judged
    .filter(({ action }) => action.kind !== "allow")
    .map((one) => ({ url: one.url, isStopped: isStopped(one), ...warningOf(one) }));
}

/** Leaves a page that was warned of: back where there is a way back, else to an empty tab. */
export async function leave({ tab }: Runtime.MessageSender): Promise<void> {
  if (tab?.id === undefined) return;
  await browser.tabs.goBack(tab.id).catch(() => browser.tabs.update(tab.id, { url: "about:blank" }));
}

import { decide } from "../../core/decide.ts";
import { detectAll } from "../../core/detector.ts";
import { hostOf } from "../../core/host.ts";
import { type JournalEvent, labelOfUrl, type VerdictEvent, verdictEvent } from "../../core/report/journal.ts";
import type { Policy, UrlSubject } from "../../core/types.ts";
import { blocklistDetector } from "../../core/url/blocklist.ts";
import { browser } from "../browser.ts";
import { readLists } from "./lists.ts";

const PAGE = "src/extension/blocked/index.html";
/** One navigation is told several times: when it begins, when Chrome tries it by https first, when it is refused. */
const SAME_NAVIGATION_MS = 3_000;

/** Judges the address of every navigation and puts the blocked page in place of a bad one. */
export function guardNavigation(
  policy: () => Promise<Policy>,
  record: (events: readonly JournalEvent[]) => Promise<void>,
): void {
  const handled = new Map<number, { site: string; at: number }>();

  async function onNavigation({ tabId, frameId, url }: { tabId: number; frameId: number; url: string }) {
    if (frameId !== 0 || hostOf(url) === undefined) return;
    const event = await judgeUrl(url, await policy());
    if (event.action !== "block") return;
    const last = handled.get(tabId);
    if (last?.site === event.site && event.at - last.at < SAME_NAVIGATION_MS) return;
    handled.set(tabId, event);
    await Promise.all([browser.tabs.update(tabId, { url: blockedPage(url, event) }), keep(tabId, event)]);
  }

  async function keep(tabId: number, event: VerdictEvent) {
    const { incognito } = await browser.tabs.get(tabId);
    if (!incognito) await record([event]);
  }

  browser.webNavigation.onBeforeNavigate.addListener(onNavigation);
  // A server's redirect to a listed host is first heard of here.
  browser.webNavigation.onErrorOccurred.addListener(async (details) => {
    if (isErrorPage(details)) await browser.storage.session.set({ [errorPageKey(details.tabId)]: hostOf(details.url) });
    await onNavigation(details);
  });
  browser.tabs.onRemoved.addListener((tabId) => {
    handled.delete(tabId);
    void browser.storage.session.remove(errorPageKey(tabId));
  });
}

/**
 * How far the blocked page of `url` lies from what the tab showed before. Chrome puts its own error page for the refused
 * address between the two; going back to that one would only lead here again.
 */
export async function stepsBack(tabId: number, url: string): Promise<number> {
  const key = errorPageKey(tabId);
  return (await browser.storage.session.get(key))[key] === hostOf(url) ? 2 : 1;
}

function isErrorPage(details: object): boolean {
  return "error" in details && details.error === "net::ERR_BLOCKED_BY_CLIENT";
}

function errorPageKey(tabId: number): string {
  return `error-page-${tabId}`;
}

async function judgeUrl(url: string, policy: Policy): Promise<VerdictEvent> {
  const startedAt = performance.now();
  const subject: UrlSubject = { kind: "url", id: crypto.randomUUID(), context: "page", url };
  const detectors = [blocklistDetector(await readLists())];
  const [finding = { signals: [] }] = await detectAll(detectors, [subject], AbortSignal.timeout(10_000));
  const site = hostOf(url) ?? "";
  const at = Date.now();
  const { verdict, action } = decide(subject, finding, policy, { site, at });
  const latencyMs = performance.now() - startedAt;
  const label = labelOfUrl(url);
  return verdictEvent({ id: subject.id, at, subject: "url", context: "page", site, label, latencyMs }, verdict, action);
}

function blockedPage(url: string, { category, evidence }: VerdictEvent): string {
  const hit = evidence.find((item) => item.kind === "rule");
  const facts = new URLSearchParams({ url, category, list: hit?.rule ?? "", entry: hit?.value ?? "" });
  return `${browser.runtime.getURL(PAGE)}#${facts}`;
}

import type { Moment } from "../../core/types.ts";
import { browser } from "../browser.ts";
import { ALLOW_PRIORITY, allowRule } from "./block-rules.ts";

/** Who may not proceed at once may do so after this time, for as long again. */
const COOLING_MS = 10 * 60_000;
const MAX_ID = 2 ** 31;
const KEY = "proceeding";
const COOLING = "cooling";

/** The session rule of a tab, and the hosts that it lets through. */
interface Passage {
  readonly ruleId: number;
  readonly hosts: readonly string[];
}

/** Lets a host and its subdomains through in one tab, until the tab is closed or the browser ends. */
export async function proceed(tabId: number, host: string): Promise<void> {
  const passages = await readPassages();
  const { ruleId = 1 + Math.floor(Math.random() * (MAX_ID - 1)), hosts = [] } = passages[tabId] ?? {};
  const next = { ruleId, hosts: [...new Set([...hosts, host])] };
  const rule = allowRule(ruleId);
  await browser.declarativeNetRequest.updateSessionRules({
    removeRuleIds: [ruleId],
    addRules: [
      {
        ...rule,
        priority: ALLOW_PRIORITY,
        condition: { ...rule.condition, requestDomains: next.hosts, tabIds: [tabId] },
      },
    ],
  });
  await browser.storage.session.set({ [KEY]: { ...passages, [tabId]: next } });
}

/** The hosts that a tab may open although they are bad. */
export async function passagesOf(tabId: number): Promise<readonly string[]> {
  return (await readPassages())[tabId]?.hosts ?? [];
}

/** A tab that is gone needs no passage. */
export async function endPassages(tabId: number): Promise<void> {
  const { [tabId]: gone, ...rest } = await readPassages();
  if (!gone) return;
  await browser.declarativeNetRequest.updateSessionRules({ removeRuleIds: [gone.ruleId] });
  await browser.storage.session.set({ [KEY]: rest });
}

async function readPassages(): Promise<Readonly<Record<number, Passage>>> {
  return ((await browser.storage.session.get(KEY))[KEY] as Record<number, Passage> | undefined) ?? {};
}

/** Starts the time of cooling off for a host, unless it runs already. Answers with its end. */
export async function coolOff(host: string): Promise<Moment> {
  const running = await cooledAt(host);
  if (running !== null) return running;
  const end = Date.now() + COOLING_MS;
  const all = (await browser.storage.session.get(COOLING))[COOLING] as Record<string, Moment> | undefined;
  await browser.storage.session.set({ [COOLING]: { ...all, [host]: end } });
  return end;
}

/** When a host may be opened after cooling off; null where that is not asked for, or is over again. */
export async function cooledAt(host: string): Promise<Moment | null> {
  const all = (await browser.storage.session.get(COOLING))[COOLING] as Record<string, Moment> | undefined;
  const end = all?.[host];
  return end !== undefined && Date.now() < end + COOLING_MS ? end : null;
}

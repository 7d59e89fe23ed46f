import { hostOf } from "../../core/host.ts";
import type { Settings } from "../../core/policy.ts";
import type { JournalEvent, VerdictEvent } from "../../core/report/journal.ts";
import type { Moment } from "../../core/types.ts";
import { browser } from "../browser.ts";
import type { ListFacts } from "../list-messages.ts";
import type { BlockReport } from "../messages.ts";
import { heldUntil } from "./help.ts";
import { listsReport } from "./lists-door.ts";
import { pageSignalsOf } from "./page-signals.ts";
import { cooledAt, coolOff, proceed } from "./proceed.ts";
import { isStopped, type JudgedUrl, judgeUrl, listedAs } from "./url-judge.ts";

type Record = (events: readonly JournalEvent[]) => Promise<void>;

/** Everything that the blocked page says of an address; judged anew, so that it is true also after Back or a restart. */
export async function explainBlock(url: string, settings: Settings): Promise<BlockReport> {
  const judged = await judgeUrl(url, settings, await pageSignalsOf(url));
  const listed = listedAs(judged);
  const list = listed && (await factsOf(listed.list, settings));
  const { verdict, action, host, event } = judged;
  return {
    isStopped: isStopped(judged),
    category: verdict.category,
    score: verdict.score,
    uncertainty: verdict.uncertainty,
    isCertain: action.reason === "certain",
    evidence: event.evidence.filter(({ detector }) => detector !== "url/blocklist"),
    ...(list ? { list } : {}),
    ...(listed ? { entry: listed.entry } : {}),
    mayProceed: settings.mayProceed,
    heldUntil: await heldUntil(),
    cooledAt: await cooledAt(host),
  };
}

async function factsOf(id: string, settings: Settings): Promise<ListFacts | undefined> {
  return (await listsReport(settings)).find((list) => list.id === id);
}

/** Opens an address all the same, in its tab alone; answers false where that is not allowed, or not yet. */
export async function proceedTo(
  { url, tabId }: { url: string; tabId: number },
  settings: Settings,
  record: Record,
): Promise<boolean> {
  const judged = await judgeUrl(url, settings, await pageSignalsOf(url));
  const cooled = await cooledAt(judged.host);
  if ((await heldUntil()) !== null) return false;
  if (!settings.mayProceed && (cooled === null || Date.now() < cooled)) return false;
  await proceed(tabId, hostToOpen(judged));
  await keep(tabId, { ...judged.event, id: crypto.randomUUID(), action: "allow", reason: "proceeded" }, record);
  await browser.tabs.update(tabId, { url });
  return true;
}

/** What belongs to the listed entry is opened with it, such as the pictures of a site on a host beside it. */
function hostToOpen(judged: JudgedUrl): string {
  const entry = listedAs(judged)?.entry;
  return entry !== undefined && hostOf(`http://${entry}/`) === entry ? entry : judged.host;
}

export async function startCoolingOff(url: string): Promise<Moment> {
  return coolOff(hostOf(url) ?? "");
}

/** Keeps in the journal that the user holds a verdict to be wrong; nothing leaves the device. */
export async function dispute(
  { url, tabId }: { url: string; tabId: number },
  settings: Settings,
  record: Record,
): Promise<void> {
  const { event } = await judgeUrl(url, settings, await pageSignalsOf(url));
  await keep(tabId, { ...event, id: crypto.randomUUID(), reason: "disputed" }, record);
}

async function keep(tabId: number, event: VerdictEvent, record: Record) {
  const { incognito } = await browser.tabs.get(tabId);
  if (!incognito) await record([event]);
}

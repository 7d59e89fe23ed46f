import { withPacks } from "../../core/pack-pins.ts";
import { policyOf, type Settings } from "../../core/policy.ts";
import { browser, type Runtime } from "../browser.ts";
import { sendToTab, serve } from "../messages.ts";
import { watchActivity } from "./activity.ts";
import { addressConsole } from "./address-console.ts";
import { judgeLinks, leave, warningFor } from "./address-door.ts";
import { allowSite } from "./allow-site.ts";
import { countFindings } from "./badge.ts";
import { installBlockRules } from "./block-rules.ts";
import { draftsDoor } from "./drafts-door.ts";
import { onNewBeginning, welcomeNewcomers } from "./first-run.ts";
import { helpConsole } from "./help.ts";
import type { JournalDesk } from "./journal-desk.ts";
import { judgeConsole } from "./judge-console.ts";
import type { JudgeHost } from "./judge-host.ts";
import { LISTS } from "./lists.ts";
import { isRefreshAlarm, scheduleRefresh } from "./lists-door.ts";
import { guardNavigation } from "./navigation.ts";
import { guardOpenTabs } from "./open-tabs.ts";
import { readPacks } from "./packs.ts";
import { giveBackReferrer, lendReferrer } from "./referrer.ts";
import { TALLIES } from "./rows.ts";
import { changeSettings, readSettings } from "./settings.ts";
import { watchSiteAccess } from "./site-access.ts";
import { purge, refreshDue } from "./subscriptions.ts";

const PAUSE_ENDS = "pause-ends";
const bootId = crypto.randomUUID();

/**
 * Wires the background: the judge's life, navigation, settings, and the journal, whose one writer it is. Every listener
 * is registered in the first tick, so that the event which woke the background finds its handler.
 */
export function startBackground(host: JudgeHost, journal: JournalDesk): void {
  const policyFor = async (settings: Settings) => withPacks(policyOf(settings), await readPacks());
  const policy = async () => policyFor(await readSettings());

  async function awake() {
    await host.wake(await policy());
    return host;
  }

  const apply = oneByOne(async (settings: Settings) => {
    const [next, { pausedUntil }] = [await policyFor(settings), settings];
    const isPaused = pausedUntil !== null && pausedUntil > Date.now();
    if (isPaused) browser.alarms.create(PAUSE_ENDS, { when: pausedUntil });
    await Promise.all([host.update(next), installBlockRules(settings, isPaused)]);
  });

  const { record, acknowledge } = journal;
  const refresh = async () => apply(await readSettings());
  browser.runtime.onInstalled.addListener(refresh);
  browser.runtime.onStartup.addListener(refresh);
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === PAUSE_ENDS) void refresh();
    // With `incognito: split` a private window has a background and alarms of its own; one is enough.
    if (isRefreshAlarm(name) && !browser.extension.inIncognitoContext) void refreshDue();
  });
  // With `incognito: split` there are two backgrounds, and the wish may have come to the other one.
  browser.storage.local.onChanged.addListener(async () => host.update(await policy()));
  welcomeNewcomers();
  watchActivity(TALLIES);
  watchSiteAccess(guardOpenTabs);
  const judgeOpenTabs = guardNavigation(readSettings, record);
  void onNewBeginning(() =>
    Promise.all([guardOpenTabs(), judgeOpenTabs(), purge().then(scheduleRefresh), journal.begin()]),
  );

  async function changeAndApply(change: Partial<Settings>) {
    const settings = await changeSettings(change);
    if (Object.keys(change).length > 0) await apply(settings);
    return settings;
  }

  serve("guard", {
    wake: async () => host.wake(await policy()),
    reveal: revealInTab,
    allowSite: async (_, { tab }) => allowSite(tab, await readSettings(), changeAndApply),
    arrive: async (request, visitor) => warningFor(visitor, await readSettings(), request?.facts, record),
    counted: (_, visitor) => countFindings(visitor),
    links: async (links) => judgeLinks(links, await readSettings()),
    leave: (_, visitor) => leave(visitor),
    ...draftsDoor(readSettings, changeAndApply),
  });
  serve("journal", { record: acknowledge });
  serve("network", { lend: lendReferrer, giveBack: giveBackReferrer });
  serve("console", {
    status: async () => ({
      settings: await readSettings(),
      judge: await host.state(),
      lists: LISTS,
      ...(await journal.state()),
      bootId,
    }),
    settings: changeAndApply,
    events: ({ since, until, limit }) => journal.between(since, until, limit),
    ...addressConsole(record, refresh),
    erase: async () => (await awake()).forget().then(journal.erase),
    ...judgeConsole(awake),
    ...helpConsole(TALLIES),
  });
}

/** In every frame of the visitor's own tab. */
async function revealInTab(address: unknown, { tab }: Runtime.MessageSender): Promise<void> {
  if (tab?.id !== undefined) await sendToTab(tab.id, "page", "reveal", String(address));
}

/** Of two changes at once the browser would refuse the second, since it adds rules that the first is adding. */
function oneByOne<Value>(job: (value: Value) => Promise<void>): (value: Value) => Promise<void> {
  let last = Promise.resolve();
  return (value) => {
    const next = last.then(() => job(value));
    last = next.catch(() => {});
    return next;
  };
}

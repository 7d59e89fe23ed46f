import { withPacks } from "../../core/pack-pins.ts";
import { policyOf, type Settings, settingsAt } from "../../core/policy.ts";
import { minutesToChange } from "../../core/schedule.ts";
import { browser, type Runtime } from "../browser.ts";
import { type PageDescription, sendToTab, serve } from "../messages.ts";
import { watchActivity } from "./activity.ts";
import { addressConsole } from "./address-console.ts";
import { judgeLinks, leave, warningFor } from "./address-door.ts";
import { allowSite } from "./allow-site.ts";
import { writeDownChanges } from "./audited.ts";
import { countFindings } from "./badge.ts";
import { installBlockRules } from "./block-rules.ts";
import { careConsole, remindOfReports } from "./care.ts";
import { draftsDoor } from "./drafts-door.ts";
import { onNewBeginning, welcomeNewcomers } from "./first-run.ts";
import { changeBudget, helpConsole } from "./help.ts";
import type { JournalDesk } from "./journal-desk.ts";
import { judgeConsole } from "./judge-console.ts";
import type { JudgeHost } from "./judge-host.ts";
import { LISTS } from "./lists.ts";
import { isRefreshAlarm, scheduleRefresh } from "./lists-door.ts";
import { lockConsole, type Waiting } from "./lock-desk.ts";
import { admitAtOnce } from "./lock-gate.ts";
import { watchManaged } from "./managed.ts";
import { guardNavigation, judgeDescribed, judgeOpenTabs } from "./navigation.ts";
import { oneByOne } from "./one-by-one.ts";
import { guardOpenTabs } from "./open-tabs.ts";
import { JOURNAL } from "./own-journal.ts";
import { carryOutPacks, readPacks } from "./packs.ts";
import { answerPrograms } from "./programs.ts";
import { giveBackReferrer, lendReferrer } from "./referrer.ts";
import { changeSettings, readSettings, wallTime, weakenSettings } from "./settings.ts";
import { watchSiteAccess } from "./site-access.ts";
import { changeList, purge, refreshDue } from "./subscriptions.ts";

const PAUSE_ENDS = "pause-ends";
const NEXT_HOURS = "next-hours";
const bootId = crypto.randomUUID();

/** What a judge in the same document tells, where no message would arrive. */
export interface Describing {
  describe(description: PageDescription): Promise<void>;
}

/**
 * Wires the background: the judge's life, navigation, settings, and the journal, whose one writer it is. Every listener
 * is registered in the first tick, so that the event which woke the background finds its handler.
 */
export function startBackground(host: JudgeHost, journal: JournalDesk): Describing {
  const policyFor = async (settings: Settings) =>
    withPacks(policyOf(settingsAt(settings, wallTime())), await readPacks());
  const policy = async () => policyFor(await readSettings());

  async function awake() {
    await host.wake(await policy());
    return host;
  }

  // Of two changes at once the browser would refuse the second, since it adds rules that the first is adding.
  const apply = oneByOne(async (settings: Settings) => {
    const [next, { pausedUntil }] = [await policyFor(settings), settings];
    const isPaused = pausedUntil !== null && pausedUntil > Date.now();
    wakeAgain(settings, isPaused);
    await Promise.all([host.update(next), installBlockRules(settings, isPaused)]);
  });

  answerPrograms(readSettings, awake);
  const { record, acknowledge } = journal;
  const refresh = async () => apply(await readSettings());
  // With `incognito: split` there are two backgrounds, and the wish may have come to the other one.
  browser.storage.local.onChanged.addListener(async () => host.update(await policy()));
  watchManaged(() => void refresh());
  writeDownChanges(journal);
  welcomeNewcomers();
  watchActivity(JOURNAL);
  watchSiteAccess(guardOpenTabs);
  remindOfReports();
  const judge = guardNavigation(readSettings, record);
  const describe = (description: PageDescription) => judgeDescribed(description, judge);
  refreshWhenDue(refresh, () => judgeOpenTabs(judge));
  void onNewBeginning(() =>
    Promise.all([guardOpenTabs(), judgeOpenTabs(judge), purge().then(scheduleRefresh), journal.begin()]),
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
  serve("navigation", { describe });
  serve("network", { lend: lendReferrer, giveBack: giveBackReferrer });
  serveConsole({ host, journal, awake, refresh, changeAndApply });
  return { describe };
}

interface Desk {
  readonly host: JudgeHost;
  readonly journal: JournalDesk;
  readonly awake: () => Promise<JudgeHost>;
  readonly refresh: () => Promise<void>;
  readonly changeAndApply: (change: Partial<Settings>) => Promise<Settings>;
}

/** What the extension's own pages ask for. */
function serveConsole({ host, journal, awake, refresh, changeAndApply }: Desk): void {
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
    ...addressConsole(journal.record, refresh),
    async erase() {
      await admitAtOnce();
      await (await awake()).forget();
      return journal.erase();
    },
    ...lockConsole(journal, carryOut, refresh),
    ...judgeConsole(awake),
    ...helpConsole(JOURNAL),
    ...careConsole(),
  });
}

function refreshWhenDue(refresh: () => Promise<void>, judgeTabs: () => Promise<void>): void {
  browser.runtime.onInstalled.addListener(refresh);
  browser.runtime.onStartup.addListener(refresh);
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === PAUSE_ENDS || name === NEXT_HOURS) void refresh().then(judgeTabs);
    // With `incognito: split` a private window has a background and alarms of its own; one is enough.
    if (isRefreshAlarm(name) && !browser.extension.inIncognitoContext) void refreshDue();
  });
}

/** When the policy will be another one by itself: a pause ends, or other hours begin. */
function wakeAgain({ pausedUntil, schedule }: Settings, isPaused: boolean): void {
  if (isPaused && pausedUntil !== null) browser.alarms.create(PAUSE_ENDS, { when: pausedUntil });
  const delayInMinutes = minutesToChange(schedule, wallTime().minute);
  if (delayInMinutes !== undefined) browser.alarms.create(NEXT_HOURS, { delayInMinutes });
}

/** Does what has waited long enough. */
function carryOut(change: Waiting): Promise<unknown> {
  switch (change.kind) {
    case "setting":
      return weakenSettings(change);
    case "budget":
      return changeBudget(change.name, change.minutes);
    case "list":
      return changeList(change.id, { isRemoved: true });
    case "pack":
      return carryOutPacks(change.change);
  }
}

/** In every frame of the visitor's own tab. */
async function revealInTab(address: unknown, { tab }: Runtime.MessageSender): Promise<void> {
  if (tab?.id !== undefined) await sendToTab(tab.id, "page", "reveal", String(address));
}

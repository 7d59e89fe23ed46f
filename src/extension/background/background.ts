import { policyOf, type Settings } from "../../core/policy.ts";
import { toHtml, toJson } from "../../core/report/export.ts";
import { buildReport } from "../../core/report/forensic.ts";
import type { JournalEvent } from "../../core/report/journal.ts";
import type { Journal } from "../../storage/journal.ts";
import { browser, locale, t } from "../browser.ts";
import { serve } from "../messages.ts";
import { addressConsole } from "./address-console.ts";
import { judgeLinks, leave, warningFor } from "./address-door.ts";
import { installBlockRules } from "./block-rules.ts";
import { onNewBeginning, welcomeNewcomers } from "./first-run.ts";
import type { JudgeHost } from "./judge-host.ts";
import { LISTS } from "./lists.ts";
import { isRefreshAlarm, scheduleRefresh } from "./lists-door.ts";
import { guardNavigation } from "./navigation.ts";
import { guardOpenTabs } from "./open-tabs.ts";
import { giveBackReferrer, lendReferrer } from "./referrer.ts";
import { testProtection } from "./self-test.ts";
import { changeSettings, readSettings } from "./settings.ts";
import { watchSiteAccess } from "./site-access.ts";
import { purge, refreshDue } from "./subscriptions.ts";

const MAX_EVENTS = 100_000;
const PAUSE_ENDS = "pause-ends";
const bootId = crypto.randomUUID();

/**
 * Wires the background: the judge's life, navigation, settings, and the journal, whose one writer it is. Every listener
 * is registered in the first tick, so that the event which woke the background finds its handler.
 */
export function startBackground(host: JudgeHost, journal: Journal): void {
  const policy = async () => policyOf(await readSettings());

  async function apply(settings: Settings) {
    const next = policyOf(settings);
    const { pausedUntil } = settings;
    const isPaused = pausedUntil !== null && pausedUntil > Date.now();
    if (isPaused) browser.alarms.create(PAUSE_ENDS, { when: pausedUntil });
    await Promise.all([host.update(next), installBlockRules(settings, isPaused)]);
  }

  const record = (events: readonly JournalEvent[]) => journal.append(events);
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
  watchSiteAccess(guardOpenTabs);
  const judgeOpenTabs = guardNavigation(readSettings, record);
  void onNewBeginning(() => Promise.all([guardOpenTabs(), judgeOpenTabs(), purge().then(scheduleRefresh)]));

  serve("guard", {
    wake: async () => host.wake(await policy()),
    arrive: async (request, visitor) => warningFor(visitor, await readSettings(), request?.facts, record),
    links: async (links) => judgeLinks(links, await readSettings()),
    leave: (_, visitor) => leave(visitor),
  });
  serve("journal", { record });
  serve("network", { lend: lendReferrer, giveBack: giveBackReferrer });
  serve("console", {
    status: async () => ({
      settings: await readSettings(),
      judge: await host.state(),
      lists: LISTS,
      events: await journal.count(),
      bootId,
    }),
    async settings(change) {
      const settings = await changeSettings(change);
      if (Object.keys(change).length > 0) await apply(settings);
      return settings;
    },
    events: ({ since, until, limit }) => journal.between(since, until, limit),
    async report({ since, until, format }) {
      const events = await journal.between(since, until, MAX_EVENTS);
      const { version } = browser.runtime.getManifest();
      const report = buildReport(events, { since, until, generatedAt: Date.now(), version });
      if (format === "json") return toJson(report);
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      return toHtml(report, { language: locale(), timeZone, label: t });
    },
    ...addressConsole(record, refresh),
    erase: () => journal.erase(),
    async checkGpu(request) {
      await host.wake(await policy());
      return host.checkGpu(request);
    },
    async test() {
      await host.wake(await policy());
      return testProtection(host);
    },
  });
}

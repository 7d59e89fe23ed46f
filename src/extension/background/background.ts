import { withPacks } from "../../core/pack-pins.ts";
import { policyOf, type Settings } from "../../core/policy.ts";
import { toHtml, toJson } from "../../core/report/export.ts";
import { buildReport } from "../../core/report/forensic.ts";
import type { Journal } from "../../storage/journal.ts";
import { browser, locale, t } from "../browser.ts";
import { serve } from "../messages.ts";
import { allowSite } from "./allow-site.ts";
import { installBlockRules } from "./block-rules.ts";
import { onNewBeginning, welcomeNewcomers } from "./first-run.ts";
import type { JudgeHost } from "./judge-host.ts";
import { LISTS } from "./lists.ts";
import { guardNavigation, stepsBack } from "./navigation.ts";
import { guardOpenTabs } from "./open-tabs.ts";
import { changePacks, readPacks } from "./packs.ts";
import { giveBackReferrer, lendReferrer } from "./referrer.ts";
import { testProtection } from "./self-test.ts";
import { changeSettings, readSettings } from "./settings.ts";
import { watchSiteAccess } from "./site-access.ts";

const MAX_EVENTS = 100_000;
const PAUSE_ENDS = "pause-ends";
const bootId = crypto.randomUUID();

/**
 * Wires the background: the judge's life, navigation, settings, and the journal, whose one writer it is. Every listener
 * is registered in the first tick, so that the event which woke the background finds its handler.
 */
export function startBackground(host: JudgeHost, journal: Journal): void {
  const policyFor = async (settings: Settings) => withPacks(policyOf(settings), await readPacks());
  const policy = async () => policyFor(await readSettings());

  async function awake() {
    await host.wake(await policy());
    return host;
  }

  const apply = oneByOne(async (settings: Settings) => {
    const next = await policyFor(settings);
    const { pausedUntil } = settings;
    const isPaused = pausedUntil !== null && pausedUntil > Date.now();
    if (isPaused) browser.alarms.create(PAUSE_ENDS, { when: pausedUntil });
    await Promise.all([host.update(next), installBlockRules(next, isPaused)]);
  });

  const refresh = async () => apply(await readSettings());
  browser.runtime.onInstalled.addListener(refresh);
  browser.runtime.onStartup.addListener(refresh);
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === PAUSE_ENDS) void refresh();
  });
  // With `incognito: split` there are two backgrounds, and the wish may have come to the other one.
  browser.storage.local.onChanged.addListener(async () => host.update(await policy()));
  welcomeNewcomers();
  watchSiteAccess(guardOpenTabs);
  void onNewBeginning(guardOpenTabs);
  guardNavigation(policy, (events) => journal.append(events));

  async function changeAndApply(change: Partial<Settings>) {
    const settings = await changeSettings(change);
    if (Object.keys(change).length > 0) await apply(settings);
    return settings;
  }

  serve("guard", {
    wake: async () => host.wake(await policy()),
    allowSite: async (_, { tab }) => allowSite(tab, await readSettings(), changeAndApply),
  });
  serve("journal", { record: (events) => journal.append(events) });
  serve("network", { lend: lendReferrer, giveBack: giveBackReferrer });
  serve("console", {
    status: async () => ({
      settings: await readSettings(),
      judge: await host.state(),
      lists: LISTS.map(({ id, count, updated }) => ({ id, count, updated })),
      events: await journal.count(),
      bootId,
    }),
    settings: changeAndApply,
    events: ({ since, until, limit }) => journal.between(since, until, limit),
    async report({ since, until, format }) {
      const events = await journal.between(since, until, MAX_EVENTS);
      const { version } = browser.runtime.getManifest();
      const report = buildReport(events, { since, until, generatedAt: Date.now(), version });
      if (format === "json") return toJson(report);
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      return toHtml(report, { language: locale(), timeZone, label: t });
    },
    stepsBack: ({ tabId, url }) => stepsBack(tabId, url),
    async erase() {
      await (await awake()).forget();
      return journal.erase();
    },
    checkGpu: async (request) => (await awake()).checkGpu(request),
    test: async () => testProtection(await awake()),
    packs: () => readPacks(),
    // The store's own event gives every judge its new policy.
    changePacks: (change) => changePacks(change),
    tryPack: async (file) => (await awake()).tryPack(file),
    measure: async () => (await awake()).measure(),
  });
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

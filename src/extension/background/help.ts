import { spentOf } from "../../core/analytics/budget.ts";
import { historyOf } from "../../core/analytics/history.ts";
import type { HostClass } from "../../core/analytics/host-class.ts";
import { chooseHelp, type Help } from "../../core/analytics/intervention.ts";
import { isWords, MAX_HOSTS, offeredKinds, parseWishes, type Wishes } from "../../core/analytics/wishes.ts";
import { hostOf } from "../../core/host.ts";
import type { Moment } from "../../core/types.ts";
import { clockHere } from "../../storage/clock.ts";
import type { Journal } from "../../storage/journal.ts";
import { browser } from "../browser.ts";
import type { HelpOffer, OverviewRows } from "../help-messages.ts";
import type { Handlers } from "../messages.ts";
import { JOURNAL } from "./own-journal.ts";

const KEY = "help";
const MORNING_HOUR = 6;
/** Enough for the risk's features, which look back eight weeks. */
const DAYS_BACK = 70;

/** What the user wants of help. In `storage.local`, beside the settings, so that private windows follow it too. */
export async function readWishes(): Promise<Wishes> {
  try {
    return parseWishes((await browser.storage.local.get(KEY))[KEY]);
  } catch (error) {
    console.warn("The stored wishes for help are damaged; the defaults hold.", error);
    return parseWishes(undefined);
  }
}

async function changeWishes(change: Partial<Wishes>): Promise<Wishes> {
  const wishes = parseWishes({ ...(await readWishes()), ...change });
  await browser.storage.local.set({ [KEY]: wishes });
  return wishes;
}

/** Until when the user has closed the way on; null where it is open. */
export async function heldUntil(): Promise<Moment | null> {
  const { heldUntil: until } = await readWishes();
  return until !== null && until > Date.now() ? until : null;
}

/** The hosts that the user wants kept from them until the morning. */
export async function heldHosts(): Promise<readonly string[]> {
  return (await heldUntil()) === null ? [] : (await readWishes()).heldHosts;
}

/** The kinds of sites whose time of today is used up. */
export async function spentClasses(): Promise<readonly HostClass[]> {
  const { budgets } = await readWishes();
  if (Object.keys(budgets).length === 0) return [];
  const { day } = clockHere()(Date.now());
  return spentOf((await JOURNAL.days(day))[0], budgets);
}

type Counted = Pick<Journal, "days" | "helps" | "putHelps">;
type HelpKinds = "overview" | "wishes" | "offerHelp" | "answerHelp" | "holdTonight";

/** What the overview, the blocked page and the settings of help ask for. */
export function helpConsole(journal: Counted): Pick<Handlers<"console">, HelpKinds> {
  return {
    overview: async ({ since }): Promise<OverviewRows> => ({
      days: await journal.days(since),
      helps: await journal.helps(),
    }),
    // What was closed for tonight opens by itself alone.
    wishes: ({ heldUntil: _, heldHosts: __, ...change }) => changeWishes(change),
    offerHelp: () => offer(journal),
    async answerHelp({ id, answer, words }) {
      const help = (await journal.helps()).find((one) => one.id === id);
      if (help) await journal.putHelps([{ ...help, answer, ...(isWords(words) ? { words } : {}) }]);
      return null;
    },
    async holdTonight({ hosts }) {
      const sound = hosts.filter((host) => hostOf(`http://${host}/`) === host);
      const all = [...new Set([...(await heldHosts()), ...sound])].slice(0, MAX_HOSTS);
      const wishes = await changeWishes({ heldUntil: nextMorning(), heldHosts: all });
      return wishes.heldUntil ?? 0;
    },
  };
}

/** Nothing in private windows: what is offered is written down. */
async function offer(journal: Counted): Promise<HelpOffer | null> {
  if (browser.extension.inIncognitoContext) return null;
  const now = Date.now();
  const { day, minute } = clockHere()(now);
  const [rows, helps, wishes] = await Promise.all([journal.days(day - DAYS_BACK), journal.helps(), readWishes()]);
  const { attempts } = historyOf(rows, { now, today: day, minute });
  const wanted = { ...wishes, kinds: offeredKinds(wishes, now) };
  const kind = chooseHelp(helps, attempts, wanted, { now, minute }, Math.random);
  if (!kind) return null;
  const help: Help = { id: crypto.randomUUID(), at: now, kind, answer: "open" };
  await journal.putHelps([help]);
  const { ally, goals } = wishes;
  const words = helps.findLast((one) => one.words !== undefined)?.words;
  return { id: help.id, kind, ally, goals, ...(words === undefined ? {} : { words }) };
}

function nextMorning(): Moment {
  const morning = new Date();
  morning.setHours(MORNING_HOUR, 0, 0, 0);
  if (morning.getTime() <= Date.now()) morning.setDate(morning.getDate() + 1);
  return morning.getTime();
}

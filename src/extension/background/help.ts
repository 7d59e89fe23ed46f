import { BUDGETED, spentOf } from "../../core/analytics/budget.ts";
import { historyOf } from "../../core/analytics/history.ts";
import type { HostClass } from "../../core/analytics/host-class.ts";
import { chooseHelp, type Help } from "../../core/analytics/intervention.ts";
import { isWords, MAX_HOSTS, offeredKinds, parseWishes, type Wishes } from "../../core/analytics/wishes.ts";
import { hostOf } from "../../core/host.ts";
import type { Moment } from "../../core/types.ts";
import { clockHere } from "../../storage/clock.ts";
import type { Journal } from "../../storage/journal.ts";
import { JournalLockedError } from "../../storage/journal-lock.ts";
import { browser } from "../browser.ts";
import type { HelpOffer, OverviewRows } from "../help-messages.ts";
import type { Handlers } from "../messages.ts";
import { admit, inTurn } from "./lock-gate.ts";
import { JOURNAL } from "./own-journal.ts";

const KEY = "help";
const MORNING_HOUR = 6;
/** Enough for the risk's features, which look back eight weeks. */
const DAYS_BACK = 70;
const ENDLESS = Number.POSITIVE_INFINITY;
/** Help that was offered in this session of the browser, in memory: what there is to go by while the journal is locked. */
const OFFERED = "offered-help";
const MOST_OFFERED = 20;

/** What the user wants of help. In `storage.local`, beside the settings, so that private windows follow it too. */
export async function readWishes(): Promise<Wishes> {
  try {
    return parseWishes((await browser.storage.local.get(KEY))[KEY]);
  } catch (error) {
    console.warn("The stored wishes for help are damaged; the defaults hold.", error);
    return parseWishes(undefined);
  }
}

/** Changes wishes but for budgets that would become larger or go, where these have to wait. @throws as `admit` */
async function changeInTime(change: Partial<Wishes>): Promise<Wishes> {
  const { budgets: before } = await readWishes();
  const after = change.budgets ?? before;
  const weaker = BUDGETED.filter((name) => (before[name] ?? ENDLESS) < (after[name] ?? ENDLESS));
  const when = await admit(weaker.map((name) => ({ kind: "budget", name, minutes: after[name] ?? null })));
  const kept = Object.fromEntries(weaker.map((name) => [name, before[name]]));
  return changeWishes(when === "now" ? change : { ...change, budgets: { ...after, ...kept } });
}

/** Does what has waited. */
export async function changeBudget(name: string, minutes: number | null): Promise<void> {
  const { [name as HostClass]: _, ...others } = (await readWishes()).budgets;
  await changeWishes({ budgets: minutes === null ? others : { ...others, [name]: minutes } });
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
  return spentOf((await atHand(JOURNAL, day)).days[0], budgets);
}

type Counted = Pick<Journal, "days" | "daysAtHand" | "helps" | "putHelps">;
type HelpKinds = "overview" | "wishes" | "offerHelp" | "answerHelp" | "holdTonight";

/** What the overview, the blocked page and the settings of help ask for. */
export function helpConsole(journal: Counted): Pick<Handlers<"console">, HelpKinds> {
  return {
    overview: async ({ since }): Promise<OverviewRows> => ({
      days: await journal.days(since),
      helps: await journal.helps(),
    }),
    // What was closed for tonight opens by itself alone.
    wishes: ({ heldUntil: _, heldHosts: __, ...change }) => inTurn(() => changeInTime(change)),
    offerHelp: () => offer(journal),
    async answerHelp({ id, answer, words }) {
      const help = (await atHand(journal, Number.MAX_SAFE_INTEGER)).helps.find((one) => one.id === id);
      if (help) await putHelp(journal, { ...help, answer, ...(isWords(words) ? { words } : {}) });
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

/** All that was counted and offered; while the journal is locked, what this session of the browser has to go by. */
async function atHand(journal: Counted, since: number): Promise<OverviewRows> {
  try {
    const [days, helps] = await Promise.all([journal.days(since), journal.helps()]);
    return { days, helps };
  } catch (error) {
    if (!(error instanceof JournalLockedError)) throw error;
    return { days: await journal.daysAtHand(since), helps: await readOffered() };
  }
}

async function readOffered(): Promise<readonly Help[]> {
  return ((await browser.storage.session.get(OFFERED))[OFFERED] as Help[] | undefined) ?? [];
}

async function putHelp(journal: Counted, help: Help): Promise<void> {
  await journal.putHelps([help]);
  const others = (await readOffered()).filter(({ id }) => id !== help.id);
  // What the user wrote is sealed and nothing else.
  const { words: _, ...rest } = help;
  await browser.storage.session.set({ [OFFERED]: [...others, rest].slice(-MOST_OFFERED) });
}

/** Nothing in private windows: what is offered is written down. */
async function offer(journal: Counted): Promise<HelpOffer | null> {
  if (browser.extension.inIncognitoContext) return null;
  const now = Date.now();
  const { day, minute } = clockHere()(now);
  const [{ days: rows, helps }, wishes] = await Promise.all([atHand(journal, day - DAYS_BACK), readWishes()]);
  const { attempts } = historyOf(rows, { now, today: day, minute });
  const wanted = { ...wishes, kinds: offeredKinds(wishes, now) };
  const kind = chooseHelp(helps, attempts, wanted, { now, minute }, Math.random);
  if (!kind) return null;
  const help: Help = { id: crypto.randomUUID(), at: now, kind, answer: "open" };
  await putHelp(journal, help);
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

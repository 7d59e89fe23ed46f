import { BUDGETED, spentOf } from "../../core/analytics/budget.ts";
import { historyOf } from "../../core/analytics/history.ts";
import type { HostClass } from "../../core/analytics/host-class.ts";
import { chooseHelp, type Help } from "../../core/analytics/intervention.ts";
import { isWords, MAX_HOSTS, offeredKinds, parseWishes, type Wishes } from "../../core/analytics/wishes.ts";
import { hostOf } from "../../core/host.ts";
import type { Moment } from "../../core/types.ts";
import { JournalLockedError } from "../../storage/journal-lock.ts";
import type { Tallies } from "../../storage/tallies.ts";
import { browser } from "../browser.ts";
import type { HelpOffer, OverviewRows } from "../help-messages.ts";
import type { Handlers } from "../messages.ts";
import { admit, inTurn } from "./lock-gate.ts";
import { TALLIES } from "./rows.ts";
import { clockHere } from "./tallied.ts";

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

/** Changes wishes but for budgets that would become larger or go, where these have to wait. @throws as `admit` */
async function changeInTime(change: Partial<Wishes>): Promise<Wishes> {
  const { budgets: before } = await readWishes();
  const after = change.budgets ?? before;
  const weaker = BUDGETED.filter(
    (name) => (before[name] ?? Number.POSITIVE_INFINITY) < (after[name] ?? Number.POSITIVE_INFINITY),
  );
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
  return spentOf((await TALLIES.since(day))[0], budgets);
}

type HelpKinds = "overview" | "wishes" | "offerHelp" | "answerHelp" | "holdTonight";

/**
 * What the overview, the blocked page and the settings of help ask for.
 * @param isClosed whether the journal is, and with it what was counted from it; help goes by the counts all the same
 */
export function helpConsole(tallies: Tallies, isClosed: () => Promise<boolean>): Pick<Handlers<"console">, HelpKinds> {
  return {
    async overview({ since }): Promise<OverviewRows> {
      if (await isClosed()) throw new JournalLockedError();
      return { days: await tallies.since(since), helps: await tallies.helps() };
    },
    // What was closed for tonight opens by itself alone.
    wishes: ({ heldUntil: _, heldHosts: __, ...change }) => inTurn(() => changeInTime(change)),
    offerHelp: () => offer(tallies),
    async answerHelp({ id, answer, words }) {
      const help = (await tallies.helps()).find((one) => one.id === id);
      if (help) await tallies.putHelps([{ ...help, answer, ...(isWords(words) ? { words } : {}) }]);
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
async function offer(tallies: Tallies): Promise<HelpOffer | null> {
  if (browser.extension.inIncognitoContext) return null;
  const now = Date.now();
  const { day, minute } = clockHere()(now);
  const [rows, helps, wishes] = await Promise.all([tallies.since(day - DAYS_BACK), tallies.helps(), readWishes()]);
  const { attempts } = historyOf(rows, { now, today: day, minute });
  const wanted = { ...wishes, kinds: offeredKinds(wishes, now) };
  const kind = chooseHelp(helps, attempts, wanted, { now, minute }, Math.random);
  if (!kind) return null;
  const help: Help = { id: crypto.randomUUID(), at: now, kind, answer: "open" };
  await tallies.putHelps([help]);
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

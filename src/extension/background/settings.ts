import { weekdayOf } from "../../core/analytics/local-time.ts";
import { strengthened, type Weakening, weakenedBy, weakenings } from "../../core/lock/weakening.ts";
import { againstManaged, withManaged, withOwn } from "../../core/managed.ts";
import { parseSettings, type Settings } from "../../core/policy.ts";
import type { WallTime } from "../../core/schedule.ts";
import { clockHere } from "../../storage/clock.ts";
import { browser } from "../browser.ts";
import { admit, inTurn, refusal } from "./lock-gate.ts";
import { readManaged } from "./managed.ts";

const KEY = "settings";

/**
 * The settings as they hold: the organisation's where it has any, else the user's. The user's lie in `storage.local`, not
 * beside the journal: with `incognito: split` a private window's IndexedDB is empty, and its guard must follow the same
 * wishes.
 */
export async function readSettings(): Promise<Settings> {
  const [own, managed] = await Promise.all([readOwn(), readManaged()]);
  return withManaged(own, managed);
}

/** What the clock on the wall shows here and now. */
export function wallTime(): WallTime {
  const { day, minute } = clockHere()(Date.now());
  return { weekday: weekdayOf(day), minute };
}

/**
 * Changes the user's settings. What strengthens holds at once; what weakens may have to wait. Answers with the settings
 * as they hold then.
 * @throws WardlightError `validation`, or `security` where the lock or an organisation forbids it; nothing is changed then.
 */
export function changeSettings(change: Partial<Settings>): Promise<Settings> {
  return inTurn(async () => {
    const [own, managed, now] = [await readOwn(), await readManaged(), Date.now()];
    const asked = parseSettings({ ...withManaged(own, managed), ...change });
    if (againstManaged(asked, managed).length > 0) throw refusal("managed");
    const wanted = withOwn(asked, own, managed);
    const weaker = weakenings(own, wanted, now);
    const when = await admit(weaker.map((one) => ({ kind: "setting", ...one })));
    const next = when === "now" ? wanted : parseSettings(strengthened(own, wanted, now));
    if (Object.keys(change).length > 0) await browser.storage.local.set({ [KEY]: next });
    return withManaged(next, managed);
  });
}

/** Does what has waited long enough, to the user's settings as they are by now. Call in turn. */
export async function weakenSettings(weakening: Weakening): Promise<void> {
  const next = parseSettings(weakenedBy(await readOwn(), weakening, Date.now()));
  await browser.storage.local.set({ [KEY]: next });
}

async function readOwn(): Promise<Settings> {
  const stored = (await browser.storage.local.get(KEY))[KEY];
  try {
    return parseSettings(stored);
  } catch (error) {
    console.warn("The stored settings are damaged; the defaults hold.", error);
    return parseSettings(undefined);
  }
}

import { weekdayOf } from "../../../core/analytics/local-time.ts";
import { seeded } from "../../../core/random.ts";
import { live } from "../../../core/simulation/life.ts";
import { invent } from "../../../core/simulation/person.ts";
import { clockHere } from "../../../storage/clock.ts";
import { INVENTED, removeInvented } from "../life.ts";
import { entriesOfLife } from "./invented-entries.ts";
import { helpsOfLife, judgedOfLife, rowsOfLife } from "./invented-rows.ts";

const DAYS = 365;
const SEED = 7;

/** Puts a year of an invented person's life up to now into a journal of its own; always the same person. */
export async function loadInventedLife(): Promise<void> {
  const [now, clock, random] = [Date.now(), clockHere(), seeded(SEED)];
  const firstDay = clock(now).day - DAYS + 1;
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const momentOf = (day: number, minute: number) => {
    const date = new Date(midnight);
    date.setDate(date.getDate() - DAYS + 1 + day);
    return date.setMinutes(minute);
  };
  // Busy enough to fill every chart, with something that changed of late.
  const escalation = { day: DAYS - 20, overDays: 4, rate: 2.6, minutes: 1.5, severity: 0.06 };
  const person = { ...invent("weekend", DAYS, true, random), rate: 0.75, drift: 1, escalation };
  const life = live(person, DAYS, weekdayOf(firstDay), random);
  const days = rowsOfLife(life, momentOf, clock, now);
  const helps = helpsOfLife(life, momentOf, now);
  await removeInvented();
  const entries = await entriesOfLife(judgedOfLife(life, momentOf, now), await INVENTED.signer());
  await INVENTED.replace({ entries, days, helps });
}

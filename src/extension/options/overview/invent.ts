import { weekdayOf } from "../../../core/analytics/local-time.ts";
import { seeded } from "../../../core/random.ts";
import { live } from "../../../core/simulation/life.ts";
import { invent } from "../../../core/simulation/person.ts";
import { helpsOfLife, rowsOfLife } from "./invented-rows.ts";
import { clockHere, invented } from "./load.ts";

const DAYS = 365;
const SEED = 20_261_121;

/** Puts a year of an invented person's life up to now into its own database; always the same person. */
export async function loadInventedLife(): Promise<void> {
  const [now, clock, random] = [Date.now(), clockHere(), seeded(SEED)];
  const firstDay = clock(now).day - DAYS + 1;
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const momentOf = (day: number, minute: number) => {
    const date = new Date(midnight);
    date.setDate(date.getDate() - DAYS + 1 + day);
    return date.setMinutes(minute);
  };
  const person = invent("evening", DAYS, true, random);
  const recent = { day: DAYS - 24, overDays: 4, rate: 2.4, minutes: 1.4, severity: 0.05 };
  const life = live(
    { ...person, escalation: recent, holidays: person.holidays.slice(0, 4) },
    DAYS,
    weekdayOf(firstDay),
    random,
  );
  await invented.erase();
  await invented.putDays(rowsOfLife(life, momentOf, clock, now));
  await invented.putHelps(helpsOfLife(life, momentOf, now));
}

import { type Encounter, emptyDay } from "../../../src/core/analytics/day.ts";
import { type History, historyOf } from "../../../src/core/analytics/history.ts";

export const DAY_MS = 86_400_000;
export const FIRST = 20_000;

/** An attempt of ten minutes on a day (0 is the first) at a local hour, in UTC. */
export function attempt(day: number, hour: number, fields: Partial<Encounter> = {}): Encounter {
  const at = (FIRST + day) * DAY_MS + Math.round(hour * 3_600_000);
  const minute = Math.floor(hour * 60);
  const plain = { at, until: at + 600_000, minute, signs: 5, severity: 0.8, hasAddress: false, wasContinued: false };
  return { ...plain, ...fields };
}

/** So many whole days with these attempts; it is midnight after the last of them. */
export function historyWith(days: number, attempts: readonly Encounter[]): History {
  const rows = Array.from({ length: days }, (_, day) => {
    const encounters = attempts.filter(({ at }) => Math.floor(at / DAY_MS) === FIRST + day).sort((a, b) => a.at - b.at);
    return { ...emptyDay(FIRST + day), encounters };
  });
  return historyOf(rows, { now: (FIRST + days) * DAY_MS, today: FIRST + days, minute: 0 });
}

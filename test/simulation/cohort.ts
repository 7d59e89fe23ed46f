import { type Watch, watchOf } from "../../src/core/analytics/escalation.ts";
import { type History, historyOf } from "../../src/core/analytics/history.ts";
import { localClock, weekdayOf } from "../../src/core/analytics/local-time.ts";
import type { Known } from "../../src/core/analytics/relapse-features.ts";
import { seeded } from "../../src/core/random.ts";
import { live } from "../../src/core/simulation/life.ts";
import { invent, type Kind, type Person } from "../../src/core/simulation/person.ts";
import { helpsOfLife, rowsOfLife } from "../../src/extension/options/overview/invented-rows.ts";

/** An invented person, and what the guard knows of them after all those days. */
export interface Subject {
  readonly person: Person;
  readonly firstDay: number;
  readonly days: number;
  readonly known: Known & { readonly history: History; readonly watches: readonly Watch[] };
}

export const DAY_MS = 86_400_000;
const UTC = localClock("UTC");
const EPOCH_DAY = 20_000;

/** The same person and life for the same seed. */
export function subject(kind: Kind, days: number, isEscalating: boolean, seed: number): Subject {
  const random = seeded(seed);
  const firstDay = EPOCH_DAY + (seed % 7);
  const person = invent(kind, days, isEscalating, random);
  const life = live(person, days, weekdayOf(firstDay), random);
  const momentOf = (day: number, minute: number) => (firstDay + day) * DAY_MS + minute * 60_000;
  const now = momentOf(days, 0);
  const rows = rowsOfLife(life, momentOf, UTC, now - 1);
  const history = historyOf(rows, { now, today: firstDay + days, minute: 0 });
  return {
    person,
    firstDay,
    days,
    known: { history, watches: watchOf(history), helps: helpsOfLife(life, momentOf, now) },
  };
}

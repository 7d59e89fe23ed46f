import type { DayCount } from "../chain.ts";
import type { Moment } from "../types.ts";
import type { JournalEvent } from "./journal.ts";
import { isActed, weightOf } from "./summary.ts";

interface Counts {
  judged: number;
  acted: number;
  readonly categories: Map<string, number>;
}

/** Minutes to add to UTC for the reader's clock at a moment. */
export type OffsetAt = (at: Moment) => number;

const UTC: OffsetAt = () => 0;
const MINUTE_MS = 60_000;
/** Clocks change, and days begin, on a quarter of an hour of UTC: in every zone since 1973. */
const QUARTER_MS = 900_000;
/** The end of the year 9999: later days would not sort as texts. */
const MAX_MOMENT = 253_402_300_799_999;

/** Adds events up by day; none is kept. */
export class DayCounter {
  readonly #days = new Map<string, Counts>();
  readonly #offsetAt: OffsetAt;
  /** Events follow one another closely, and a date is dear to write. */
  #last: { readonly quarter: number; readonly counts: Counts } | undefined;

  /** @param offsetAt decides where a day begins. */
  constructor(offsetAt: OffsetAt = UTC) {
    this.#offsetAt = offsetAt;
  }

  add(event: JournalEvent): void {
    const counts = this.#at(event.at);
    counts.judged += weightOf(event);
    if (event.kind === "tally" || !isActed(event)) return;
    counts.acted++;
    counts.categories.set(event.category, (counts.categories.get(event.category) ?? 0) + 1);
  }

  /** Adds what an earlier count came to. */
  addDay({ day, judged, acted, categories }: DayCount): void {
    const counts = this.#of(day);
    counts.judged += judged;
    counts.acted += acted;
    for (const [category, n] of Object.entries(categories)) {
      counts.categories.set(category, (counts.categories.get(category) ?? 0) + n);
    }
  }

  /** Oldest first; days without any event are absent. */
  result(): DayCount[] {
    return [...this.#days]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, { judged, acted, categories }]) => ({
        day,
        judged,
        acted,
        categories: Object.fromEntries(categories),
      }));
  }

  #at(at: Moment): Counts {
    const quarter = Math.floor(at / QUARTER_MS);
    if (this.#last?.quarter !== quarter) this.#last = { quarter, counts: this.#of(dayOf(at, this.#offsetAt)) };
    return this.#last.counts;
  }

  #of(day: string): Counts {
    const known = this.#days.get(day);
    if (known) return known;
    const counts = { judged: 0, acted: 0, categories: new Map<string, number>() };
    this.#days.set(day, counts);
    return counts;
  }
}

/** The date of a moment, such as 2026-11-21. */
export function dayOf(at: Moment, offsetAt: OffsetAt = UTC): string {
  const bounded = Math.min(MAX_MOMENT, Math.max(0, at));
  const local = Math.min(MAX_MOMENT, bounded + offsetAt(bounded) * MINUTE_MS);
  return new Date(local).toISOString().slice(0, -14);
}

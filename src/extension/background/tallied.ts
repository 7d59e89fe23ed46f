import { daysOf, type Span, withEvents, withSpan } from "../../core/analytics/fold.ts";
import { type LocalClock, localClock } from "../../core/analytics/local-time.ts";
import type { JournalEvent } from "../../core/report/journal.ts";
import type { Journal } from "../../storage/journal.ts";
import type { Tallies } from "../../storage/tallies.ts";

/** The wall clock of where the device is now; the zone may change while the background lives. */
export function clockHere(): LocalClock {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (timeZone !== here?.timeZone) here = { timeZone, clock: localClock(timeZone) };
  return here.clock;
}
let here: { readonly timeZone: string; readonly clock: LocalClock } | undefined;

/**
 * A journal that counts what it has stored: the analytics read a row a day, however many events there are. Counting that
 * fails costs the count alone.
 */
export function tallied(journal: Journal, tallies: Tallies): Journal {
  return {
    ...journal,
    async append(events) {
      await journal.append(events);
      await countEvents(tallies, events).catch((error) => console.warn("A batch of events was not counted.", error));
    },
    async erase() {
      await tallies.erase();
      return journal.erase();
    },
    async giveUp() {
      await tallies.erase();
      return journal.giveUp();
    },
  };
}

async function countEvents(tallies: Tallies, events: readonly JournalEvent[]): Promise<void> {
  const clock = clockHere();
  const days = events.map(({ at }) => clock(at).day);
  const ids = events.map(({ id }) => id);
  await tallies.count(days, ids, Date.now(), (stored, isNew) => {
    const once = new Map(events.filter(({ id }) => isNew(id)).map((event) => [event.id, event]));
    return withEvents(stored, [...once.values()], clock);
  });
}

export async function countSpan(tallies: Tallies, span: Span): Promise<void> {
  const clock = clockHere();
  const days = daysOf(span.from, span.until, clock);
  await tallies.count(days, [], span.until, (stored) => withSpan(stored, span, clock));
}

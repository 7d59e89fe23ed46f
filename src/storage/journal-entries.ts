import type { Body } from "../core/chain.ts";
import { dayOf } from "../core/report/days.ts";
import type { JournalEvent } from "../core/report/journal.ts";

const MAX_EVENTS_AN_ENTRY = 500;

/** Entries of one day each, so that a day's events can be found without opening others. */
export function bodiesOf(events: readonly JournalEvent[]): Body<JournalEvent>[] {
  const bodies: { kind: "events"; events: JournalEvent[]; day: string }[] = [];
  for (const event of events) {
    const day = dayOf(event.at);
    const last = bodies.at(-1);
    if (last?.day === day && last.events.length < MAX_EVENTS_AN_ENTRY) last.events.push(event);
    else bodies.push({ kind: "events", events: [event], day });
  }
  return bodies.map(({ kind, events: some }) => ({ kind, events: some }));
}

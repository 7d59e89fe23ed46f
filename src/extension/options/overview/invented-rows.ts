import type { DayTally } from "../../../core/analytics/day.ts";
import { daysOf, type Judged, withEvents, withSpan } from "../../../core/analytics/fold.ts";
import { HOST_CLASSES } from "../../../core/analytics/host-class.ts";
import { HELPS, type Help } from "../../../core/analytics/intervention.ts";
import type { LocalClock } from "../../../core/analytics/local-time.ts";
import type { Life, Meeting } from "../../../core/simulation/life.ts";
import type { Moment } from "../../../core/types.ts";

/** When a day of an invented life (0 is its first) and a minute of it were. */
export type MomentOf = (day: number, minute: number) => Moment;

/** What the guard would have judged in an invented life until a moment, oldest first. */
export function judgedOfLife(life: Life, momentOf: MomentOf, until: Moment): Judged[] {
  const events = [
    ...life.meetings.flatMap((meeting) => eventsOf(meeting, momentOf(meeting.day, meeting.minute))),
    ...life.others.map(({ day, minute, category }): Judged => {
      const subject = category === "injection" ? ("text" as const) : ("url" as const);
      return { ...VERDICT, at: momentOf(day, minute), subject, category, action: "warn", site: "", score: 0.9 };
    }),
    ...life.sittings.map(
      ({ day, minute, minutes }): Judged => ({
        kind: "tally",
        at: momentOf(day, minute),
        allowed: Math.round(9 * minutes),
      }),
    ),
  ];
  return events.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
}

/** An invented life as the guard would have counted it, folded as the events of a real one are. */
export function rowsOfLife(life: Life, momentOf: MomentOf, clock: LocalClock, until: Moment): DayTally[] {
  const book = withEvents(new Map(), judgedOfLife(life, momentOf, until), clock);
  for (const { day, minute, minutes, place } of life.sittings) {
    const from = momentOf(day, minute);
    const end = Math.min(until, from + 60_000 * minutes);
    if (from >= until) continue;
    const hostClass = HOST_CLASSES.find((name) => name === place) ?? "unsorted";
    const rows = daysOf(from, end, clock).flatMap((one) => book.get(one) ?? []);
    const touched = withSpan(new Map(rows.map((row) => [row.day, row])), { from, until: end, hostClass }, clock);
    for (const [one, row] of touched) book.set(one, row);
  }
  return [...book.values()];
}

const VERDICT = { kind: "verdict", reason: "judged" } as const;
const SITES = ["reddit.com", "x.com", "youtube.com", "tumblr.com", "", "imgur.com"];

function eventsOf({ minutes, signs, severity, hasAddress, wasContinued, minute }: Meeting, at: Moment): Judged[] {
  const score = severity;
  const site = SITES[minute % SITES.length] ?? "";
  const pictures = Array.from({ length: signs }, (_, i): Judged => {
    const moment = at + Math.round((60_000 * minutes * i) / Math.max(1, signs - 1));
    return { ...VERDICT, at: moment, subject: "image", category: "sexual", action: "blur", site, score };
  });
  const address = { ...VERDICT, at, subject: "url", category: "adult", site: "", score: 1 } as const;
  if (hasAddress) pictures.push({ ...address, action: "block" });
  if (wasContinued) pictures.push({ ...address, at: at + 20_000, action: "allow", reason: "proceeded" });
  return pictures;
}

/** Help as it was offered in an invented life. */
export function helpsOfLife(life: Life, momentOf: MomentOf, until: Moment): Help[] {
  return life.offers.flatMap(({ day, minute, hasHelped }, i) => {
    const at = momentOf(day, minute) + 1_000;
    const kind = HELPS[i % HELPS.length] ?? "breath";
    return at > until ? [] : [{ id: `simulated-${i}`, at, kind, answer: hasHelped ? "used" : "dismissed" } as const];
  });
}

import type { Action, Category, Moment, Probability, Verdict } from "../types.ts";
import { type DayTally, emptyDay, joinEncounters, joined, joinStretches } from "./day.ts";
import { type HostClass, hostClassOf } from "./host-class.ts";
import type { LocalClock } from "./local-time.ts";

/** What the analytics read of a journal's event. */
export type Judged =
  | {
      readonly kind: "verdict";
      readonly at: Moment;
      readonly site: string;
      readonly subject: "text" | "image" | "url";
      readonly category: Verdict["category"];
      readonly score: Probability;
      readonly action: Action["kind"];
      readonly reason: Action["reason"];
    }
  | { readonly kind: "tally"; readonly at: Moment; readonly allowed: number };

/** Somebody had a page of this class in front of them. */
export interface Span {
  readonly from: Moment;
  readonly until: Moment;
  readonly hostClass: HostClass;
}

/** Rows by local day. */
export type Book = ReadonlyMap<number, DayTally>;

const WATCHED: readonly string[] = ["sexual", "adult"] satisfies Category[];
const HOUR_MS = 3_600_000;

/** Adds a day's change to its row in a book that may be written to. */
function change(book: Map<number, DayTally>, day: number, by: (row: DayTally) => DayTally): void {
  book.set(day, by(book.get(day) ?? emptyDay(day)));
}

/** The rows with these events added; `rows` must hold every stored row of their days. */
export function withEvents(rows: Book, events: readonly Judged[], clock: LocalClock): Map<number, DayTally> {
  const book = new Map(rows);
  for (const event of events) {
    const { day, minute } = clock(event.at);
    change(book, day, (row) => withEvent(row, event, minute));
  }
  return book;
}

function withEvent(row: DayTally, event: Judged, minute: number): DayTally {
  if (event.kind === "tally") return { ...row, judged: row.judged + event.allowed };
  const counted = { ...row, judged: row.judged + 1 };
  const wasContinued = event.reason === "proceeded";
  if (event.action === "allow" && !wasContinued) return counted;
  const { category, site } = event;
  const isNamed = category !== "safe" && category !== "unknown";
  const hostClass: HostClass = category === "adult" ? "adult" : hostClassOf(site);
  const acted: DayTally = {
    ...counted,
    acted: row.acted + 1,
    categories: isNamed ? plus(row.categories, category, 1) : row.categories,
    classes: plus(row.classes, hostClass, 1),
    actedByHour: row.actedByHour.with(Math.floor(minute / 60), (row.actedByHour[Math.floor(minute / 60)] ?? 0) + 1),
  };
  return WATCHED.includes(category) ? withSign(acted, event, minute) : acted;
}

function withSign(row: DayTally, event: Extract<Judged, { kind: "verdict" }>, minute: number): DayTally {
  const wasContinued = event.reason === "proceeded";
  const sign = {
    at: event.at,
    until: event.at,
    minute,
    signs: wasContinued ? 0 : 1,
    severity: event.score,
    hasAddress: event.subject === "url",
    wasContinued,
  };
  return { ...row, encounters: joined([...row.encounters, sign], joinEncounters) };
}

/** The rows with active time added, cut at each local hour; `rows` must hold the stored rows of the days it touches. */
export function withSpan(rows: Book, { from, until, hostClass }: Span, clock: LocalClock): Map<number, DayTally> {
  const book = new Map(rows);
  for (let at = from; at < until; ) {
    const { day, minute } = clock(at);
    const end = Math.min(until, nextHour(at, minute));
    const [start, ms] = [at, end - at];
    const hour = Math.floor(minute / 60);
    change(book, day, (row) => ({
      ...row,
      activeByHour: row.activeByHour.with(hour, (row.activeByHour[hour] ?? 0) + ms),
      activeByClass: plus(row.activeByClass, hostClass, ms),
      sessions: joined([...row.sessions, { at: start, until: end }], joinStretches),
    }));
    at = end;
  }
  return book;
}

/** The next full hour of the wall clock; zones lie whole minutes apart. */
function nextHour(at: Moment, minute: number): Moment {
  return at - (at % 60_000) - (minute % 60) * 60_000 + HOUR_MS;
}

/** The local days that a stretch of time touches. */
export function daysOf(from: Moment, until: Moment, clock: LocalClock): number[] {
  const [first, last] = [clock(from).day, clock(until).day];
  return Array.from({ length: Math.max(0, last - first) + 1 }, (_, i) => first + i);
}

function plus<K extends string>(counts: Readonly<Partial<Record<K, number>>>, key: K, by: number) {
  return { ...counts, [key]: (counts[key] ?? 0) + by };
}

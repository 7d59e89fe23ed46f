import {
  ACTION_KINDS,
  type ActionKind,
  type FailureCode,
  type Moment,
  type SubjectKind,
  type Verdict,
} from "../types.ts";
import type { JournalEvent, VerdictEvent } from "./journal.ts";

/** What was judged on one site, and how often something was done about it. */
export interface SiteCount {
  readonly site: string;
  readonly judged: number;
  readonly acted: number;
}

/** Counts over a report's events. `actions` and `subjects` each add up to `judged`. */
export interface Summary {
  /** Listed verdicts and tallied harmless text together. */
  readonly judged: number;
  /** Everything that was not simply allowed. */
  readonly acted: number;
  readonly actions: Readonly<Record<ActionKind, number>>;
  readonly subjects: Readonly<Record<SubjectKind, number>>;
  /** Of the listed verdicts: a tally has no category. */
  readonly categories: Readonly<Partial<Record<Verdict["category"], number>>>;
  /** At most ten, those with the most actions first. */
  readonly sites: readonly SiteCount[];
  readonly failures: Readonly<Partial<Record<FailureCode, number>>>;
}

/** The record of a span of time, complete enough to be checked by somebody else. Moments are ms since the epoch. */
export interface Report {
  readonly format: "wardlight-report";
  readonly formatVersion: 1;
  /** Version of the extension that wrote it. */
  readonly version: string;
  readonly generatedAt: Moment;
  readonly since: Moment;
  readonly until: Moment;
  readonly summary: Summary;
  /** `name@version` of every network that had a say, sorted. */
  readonly models: readonly string[];
  /** Oldest first. */
  readonly events: readonly JournalEvent[];
}

const MAX_SITES = 10;

/** Reports on the events between `since` and `until`, both included; the order of the input does not matter. */
export function buildReport(
  events: readonly JournalEvent[],
  { since, until, generatedAt, version }: Pick<Report, "since" | "until" | "generatedAt" | "version">,
): Report {
  const within = events.filter(({ at }) => since <= at && at <= until);
  const sorted = within.toSorted((a, b) => a.at - b.at || compare(a.id, b.id));
  const models = new Set(sorted.filter(isVerdict).flatMap((event) => event.models));
  return {
    format: "wardlight-report",
    formatVersion: 1,
    version,
    generatedAt,
    since,
    until,
    summary: summarise(sorted),
    models: [...models].sort(),
    events: sorted,
  };
}

function summarise(events: readonly JournalEvent[]): Summary {
  const verdicts = events.filter(isVerdict);
  const actions = countBy(events, (event) => (event.kind === "tally" ? "allow" : event.action));
  const subjects = countBy(events, (event) => event.subject);
  const listed = countBy(verdicts, (event) => event.category);
  const failures = countBy(verdicts, (event) => event.failure?.code);
  return {
    judged: events.reduce((sum, event) => sum + weightOf(event), 0),
    acted: verdicts.filter((event) => event.action !== "allow").length,
    actions: { ...zeros(ACTION_KINDS), ...Object.fromEntries(actions) },
    subjects: { ...zeros(["text", "image", "url"]), ...Object.fromEntries(subjects) },
    categories: Object.fromEntries(listed),
    sites: topSites(events),
    failures: Object.fromEntries(failures),
  };
}

function topSites(events: readonly JournalEvent[]): SiteCount[] {
  const judged = countBy(events, (event) => event.site);
  const acted = countBy(events.filter(isActed), (event) => event.site);
  return [...judged]
    .map(([site, count]) => ({ site, judged: count, acted: acted.get(site) ?? 0 }))
    .sort((a, b) => b.acted - a.acted || b.judged - a.judged || compare(a.site, b.site))
    .slice(0, MAX_SITES);
}

function countBy<E extends JournalEvent, K extends string>(events: readonly E[], keyOf: (event: E) => K | undefined) {
  const counts = new Map<K, number>();
  for (const event of events) {
    const key = keyOf(event);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + weightOf(event));
  }
  return counts;
}

/** How many judged subjects an event stands for. */
function weightOf(event: JournalEvent): number {
  return event.kind === "tally" ? event.allowed : 1;
}

function isVerdict(event: JournalEvent): event is VerdictEvent {
  return event.kind === "verdict";
}

function isActed(event: JournalEvent): boolean {
  return event.kind === "verdict" && event.action !== "allow";
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

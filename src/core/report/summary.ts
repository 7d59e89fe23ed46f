import { ACTION_KINDS, type ActionKind, type FailureCode, type SubjectKind, type Verdict } from "../types.ts";
import type { JournalEvent } from "./journal.ts";

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

const MAX_SITES = 10;

/** Adds events up, in any order and number; none is kept. */
export class Summariser {
  readonly #actions = new Map<string, number>();
  readonly #subjects = new Map<string, number>();
  readonly #categories = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  readonly #sites = new Map<string, { judged: number; acted: number }>();
  #judged = 0;
  #acted = 0;

  add(event: JournalEvent): void {
    const weight = weightOf(event);
    const acted = isActed(event) ? 1 : 0;
    this.#judged += weight;
    this.#acted += acted;
    count(this.#actions, event.kind === "tally" ? "allow" : event.action, weight);
    count(this.#subjects, event.subject, weight);
    const site = this.#sites.get(event.site);
    if (!site) this.#sites.set(event.site, { judged: weight, acted });
    else {
      site.judged += weight;
      site.acted += acted;
    }
    if (event.kind === "tally") return;
    count(this.#categories, event.category, 1);
    if (event.failure) count(this.#failures, event.failure.code, 1);
  }

  result(): Summary {
    return {
      judged: this.#judged,
      acted: this.#acted,
      actions: { ...zeros(ACTION_KINDS), ...Object.fromEntries(this.#actions) },
      subjects: { ...zeros(["text", "image", "url"]), ...Object.fromEntries(this.#subjects) },
      categories: Object.fromEntries(this.#categories),
      sites: this.#topSites(),
      failures: Object.fromEntries(this.#failures),
    };
  }

  #topSites(): SiteCount[] {
    return [...this.#sites]
      .map(([site, counts]) => ({ site, ...counts }))
      .sort((a, b) => b.acted - a.acted || b.judged - a.judged || (a.site < b.site ? -1 : 1))
      .slice(0, MAX_SITES);
  }
}

/** How many judged subjects an event stands for. */
export function weightOf(event: JournalEvent): number {
  return event.kind === "tally" ? event.allowed : 1;
}

/** Whether something was done about it. */
export function isActed(event: JournalEvent): boolean {
  return event.kind === "verdict" && event.action !== "allow";
}

function count(counts: Map<string, number>, key: string, weight: number) {
  counts.set(key, (counts.get(key) ?? 0) + weight);
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}

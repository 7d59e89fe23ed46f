import type { JournalEvent } from "../../core/report/journal.ts";
import type { ActionKind, SubjectKind } from "../../core/types.ts";
import { t } from "../browser.ts";
import { dayKey } from "./format.ts";

/** What the reader wants to see of the journal. */
export interface Filter {
  readonly action: "any" | "acted" | ActionKind;
  readonly kind: "any" | SubjectKind;
  readonly words: string;
}

export const NO_FILTER: Filter = { action: "any", kind: "any", words: "" };

/** Keeps what fits; every word has to be found somewhere in the entry. */
export function filterEvents(events: readonly JournalEvent[], filter: Filter): JournalEvent[] {
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  return events.filter((event) => fits(event, filter) && contains(event, words));
}

function fits(event: JournalEvent, { action, kind }: Filter): boolean {
  const done = event.kind === "tally" ? "allow" : event.action;
  const isActionWanted = action === "any" || done === action || (action === "acted" && done !== "allow");
  return isActionWanted && (kind === "any" || event.subject === kind);
}

function contains(event: JournalEvent, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = searchable(event).join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

function searchable(event: JournalEvent): string[] {
  if (event.kind === "tally") return [event.site];
  const { site, label, category, action, evidence, models, failure } = event;
  const names = [t(`category_${category}`), t(`action_${action}`), category, action];
  const pieces = evidence.flatMap((piece) => [piece.detector, ...Object.values(piece).filter(isText)]);
  return [site, label, ...names, ...pieces, ...models, failure?.message ?? ""];
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Runs of events of the same local day, in the order given. */
export function byDay(events: readonly JournalEvent[]): JournalEvent[][] {
  const days = new Map<string, JournalEvent[]>();
  for (const event of events) {
    const key = dayKey(event.at);
    const run = days.get(key);
    if (run) run.push(event);
    else days.set(key, [event]);
  }
  return [...days.values()];
}

import type { JournalEntry, ReportHead } from "./forensic.ts";
import type { JournalEvent } from "./journal.ts";

/** A file in pieces of text or UTF-8: a year of events would not fit into one text. */
export type Parts = (string | Uint8Array<ArrayBuffer>)[];

/** Takes in a journal entry by entry, and gives a report's file at the end. */
export interface ReportWriter {
  /** @param text the entry's canonical text in UTF-8 */
  add(entry: JournalEntry, text: Uint8Array<ArrayBuffer>): void;
  finish(head: ReportHead, seal: string): Parts;
}

/** The whole report as JSON, an entry's events a line, as they were hashed: nothing is parsed and written anew. */
export function jsonWriter(): ReportWriter {
  const events: Parts = [];
  return {
    add(entry, text) {
      if (entry.kind === "events" && entry.events.length > 0) {
        events.push(events.length === 0 ? "\n" : ",\n", eventsIn(text));
      }
    },
    finish(head, seal) {
      const rest = JSON.stringify({ ...head, seal }, null, 2);
      const end = events.length === 0 ? "]\n}\n" : "\n  ]\n}\n";
      return [`${rest.slice(0, -2)},\n  "events": [`, ...events, end];
    },
  };
}

const EVENTS = '"events":[';
const EVENTS_END = '],"kind":"events",';
/** Before the events stands a moment, after them a number and a hash. */
const EDGE = 200;

/** The events of an entry's canonical text, whose keys are in order; without the brackets. */
function eventsIn(text: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  // A byte is a character here, so that places are bytes.
  const latin = new TextDecoder("latin1");
  const tailFrom = Math.max(0, text.length - EDGE);
  const from = latin.decode(text.subarray(0, EDGE)).indexOf(EVENTS) + EVENTS.length;
  const to = tailFrom + latin.decode(text.subarray(tailFrom)).lastIndexOf(EVENTS_END);
  return text.subarray(from, to);
}

const COLUMNS = [
  ...["time", "kind", "subject", "site", "what", "category", "score", "uncertainty"],
  ...["action", "reason", "count", "models", "evidence", "id"],
];

/** RFC 4180 with a header, a row an event of which `isWanted`; moments are ISO 8601 in UTC. */
export function csvWriter(isWanted: (event: JournalEvent) => boolean): ReportWriter {
  const parts: Parts = [`${COLUMNS.join(",")}\r\n`];
  return {
    add(entry) {
      if (entry.kind === "events") parts.push(entry.events.filter(isWanted).map(rowOf).join(""));
    },
    finish: () => parts,
  };
}

function rowOf(event: JournalEvent): string {
  const time = new Date(event.at).toISOString();
  const { kind, subject, site, id } = event;
  const cells =
    event.kind === "tally"
      ? [time, kind, subject, site, "", "", "", "", "allow", "", event.allowed, "", "", id]
      : [
          time,
          kind,
          subject,
          site,
          ...verdictCells(event),
          1,
          event.models.join(" "),
          JSON.stringify(event.evidence),
          id,
        ];
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function verdictCells({
  label,
  category,
  score,
  uncertainty,
  action,
  reason,
}: Extract<JournalEvent, { kind: "verdict" }>) {
  return [label, category, score, uncertainty, action, reason];
}

/**
 * One cell. What a table program would take for a formula gets an apostrophe in front (OWASP, CSV injection); white space
 * before it makes no difference to such programs.
 */
export function csvCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const tame = /^\s*[=+\-@\t\r\n|%]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}

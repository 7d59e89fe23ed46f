import type { ReportHead } from "./forensic.ts";
import type { JournalEvent } from "./journal.ts";

/** A file in pieces: a year of events would not fit into one text. */
export type Parts = string[];

/**
 * The whole report as JSON, an event a line.
 * @param events in the order of the chain's entries.
 */
export function jsonParts(head: ReportHead, seal: string, events: Iterable<JournalEvent>): Parts {
  const rest = JSON.stringify({ ...head, seal }, null, 2);
  const parts = [`${rest.slice(0, -2)},\n  "events": [`];
  let separator = "\n";
  let lines: string[] = [];
  for (const event of events) {
    lines.push(separator + JSON.stringify(event));
    separator = ",\n";
    if (lines.length < LINES_A_PART) continue;
    parts.push(lines.join(""));
    lines = [];
  }
  return [...parts, lines.join(""), separator === "\n" ? "]\n}\n" : "\n  ]\n}\n"];
}

const LINES_A_PART = 5_000;
const COLUMNS = [
  ...["time", "kind", "subject", "site", "what", "category", "score", "uncertainty"],
  ...["action", "reason", "count", "models", "evidence", "id"],
];

/** RFC 4180 with a header; moments are ISO 8601 in UTC. */
export function csvParts(events: Iterable<JournalEvent>): Parts {
  const parts = [`${COLUMNS.join(",")}\r\n`];
  let lines: string[] = [];
  for (const event of events) {
    lines.push(rowOf(event));
    if (lines.length < LINES_A_PART) continue;
    parts.push(lines.join(""));
    lines = [];
  }
  return [...parts, lines.join("")];
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

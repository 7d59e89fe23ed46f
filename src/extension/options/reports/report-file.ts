import { type Checkpoint, signHead } from "../../../core/chain.ts";
import { allyText } from "../../../core/report/ally.ts";
import { csvParts, jsonParts, type Parts } from "../../../core/report/export.ts";
import { isWithin, ReportBuilder, type ReportFrame, type ReportHead } from "../../../core/report/forensic.ts";
import { toHtml } from "../../../core/report/html.ts";
import type { JournalEvent } from "../../../core/report/journal.ts";
import { isActed } from "../../../core/report/summary.ts";
import type { Moment } from "../../../core/types.ts";
import type { Journal } from "../../../storage/journal.ts";
import { browser, locale, type MessageKey, t } from "../../browser.ts";

export const FORMATS = ["html", "json", "csv"] as const;
export type Format = (typeof FORMATS)[number];
export const TYPES: Record<Format, string> = { html: "text/html", json: "application/json", csv: "text/csv" };

/** So many rows a browser prints and scrolls well. */
const MAX_LISTED = 2_000;

/** A period of the journal, read once, from which every kind of report can be written. */
export interface Gathered {
  readonly head: ReportHead;
  readonly seal: string;
  /** In the order of the chain. */
  readonly events: readonly JournalEvent[];
}

/** Reads the journal in this page: a year of it would not pass through a message, and would keep the guard from its work. */
export async function gather(journal: Journal, since: Moment, until: Moment): Promise<Gathered> {
  const frame: ReportFrame = {
    since,
    until,
    generatedAt: Date.now(),
    version: browser.runtime.getManifest().version,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  const offsetAt = (at: Moment) => -new Date(at).getTimezoneOffset();
  const builder = new ReportBuilder(frame, { subtle: crypto.subtle, signer: await journal.signer(), offsetAt });
  const events: JournalEvent[] = [];
  for await (const { entry, hash } of journal.entries(since, until)) {
    await builder.add(entry, hash);
    if (entry.kind === "events") for (const event of entry.events) events.push(event);
  }
  return { ...(await builder.finish()), events };
}

export function write({ head, seal, events }: Gathered, format: Format): Parts {
  if (format === "json") return jsonParts(head, seal, events);
  if (format === "csv") return csvParts(events.filter((event) => isWithin(event, head)));
  const listed = listedOf(events.filter((event) => isWithin(event, head)));
  const words = { language: locale(), timeZone: head.timeZone, label: (key: MessageKey) => t(key) };
  return [toHtml({ ...head, ...listed }, words)];
}

/** The newest, those first that were acted on. */
function listedOf(events: readonly JournalEvent[]): { events: JournalEvent[]; omitted: number } {
  if (events.length <= MAX_LISTED) return { events: [...events], omitted: 0 };
  const acted = events.filter(isActed).slice(-MAX_LISTED);
  const room = MAX_LISTED - acted.length;
  const others = room > 0 ? events.filter((event) => !isActed(event)).slice(-room) : [];
  return { events: [...acted, ...others], omitted: events.length - acted.length - others.length };
}

/** Counts for somebody else, with a checkpoint of the journal as it is now. */
export async function writeForAlly(journal: Journal, { head }: Gathered): Promise<string> {
  const checkpoint = await checkpointOf(journal, head);
  const label = (key: MessageKey) => t(key);
  return allyText(head, checkpoint, { label, category: (name) => t(`category_${name}` as MessageKey) || name });
}

async function checkpointOf(journal: Journal, { chain, generatedAt }: ReportHead): Promise<Checkpoint> {
  const { head } = chain;
  return signHead(head ?? { n: -1, hash: "" }, generatedAt, await journal.signer());
}

import { type Checkpoint, signHead } from "../../../core/chain.ts";
import { allyText } from "../../../core/report/ally.ts";
import { csvWriter, jsonWriter, type Parts, type ReportWriter } from "../../../core/report/export.ts";
import { isWithin, ReportBuilder, type ReportFrame, type ReportHead } from "../../../core/report/forensic.ts";
import { toHtml } from "../../../core/report/html.ts";
import type { JournalEvent } from "../../../core/report/journal.ts";
import { isActed } from "../../../core/report/summary.ts";
import type { Moment } from "../../../core/types.ts";
import type { Journal } from "../../../storage/journal.ts";
import { browser, locale, type MessageKey, t } from "../../browser.ts";
import { sayAudit } from "../lock/words.ts";
import type { Within } from "./period.tsx";

export const FORMATS = ["html", "json", "csv"] as const;
export type Format = (typeof FORMATS)[number];
export const TYPES: Record<Format, string> = { html: "text/html", json: "application/json", csv: "text/csv" };

/** So many rows a browser prints and scrolls well. */
const MAX_LISTED = 2_000;

/** A report of a period, and its files. */
export interface Gathered {
  readonly head: ReportHead;
  readonly files: Readonly<Partial<Record<Format, Parts>>>;
}

/**
 * Reads the journal once, in this page: a year of it would not pass through a message, and would keep the guard from its
 * work. No more of it is kept in memory than the files hold.
 */
export async function gather(
  journal: Journal,
  { since, until }: Within,
  formats: readonly Format[],
): Promise<Gathered> {
  const frame: ReportFrame = {
    since,
    until,
    generatedAt: Date.now(),
    version: browser.runtime.getManifest().version,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  const offsetAt = (at: Moment) => -new Date(at).getTimezoneOffset();
  const builder = new ReportBuilder(frame, { subtle: crypto.subtle, signer: await journal.signer(), offsetAt });
  const isWanted = (event: JournalEvent) => isWithin(event, frame);
  const make = { json: jsonWriter, csv: () => csvWriter(isWanted), html: () => htmlWriter(isWanted) };
  const writers = formats.map((format) => [format, make[format]()] as const);
  for await (const { entry, hash, text } of journal.entries(since, until)) {
    await builder.add(entry, hash);
    for (const [, writer] of writers) writer.add(entry, text);
  }
  const { head, seal } = await builder.finish();
  return { head, files: Object.fromEntries(writers.map(([format, writer]) => [format, writer.finish(head, seal)])) };
}

/** Lists the newest events, those first that were acted on. */
function htmlWriter(isWanted: (event: JournalEvent) => boolean): ReportWriter {
  const listed = { acted: [] as JournalEvent[], others: [] as JournalEvent[] };
  let all = 0;
  const keep = (list: JournalEvent[], event: JournalEvent) => {
    all += 1;
    list.push(event);
    if (list.length >= 2 * MAX_LISTED) list.splice(0, MAX_LISTED);
  };
  return {
    add(entry) {
      if (entry.kind !== "events") return;
      for (const event of entry.events) {
        if (isWanted(event)) keep(isActed(event) ? listed.acted : listed.others, event);
      }
    },
    finish(head) {
      const acted = listed.acted.slice(-MAX_LISTED);
      const room = MAX_LISTED - acted.length;
      const events = room > 0 ? [...acted, ...listed.others.slice(-room)] : acted;
      const words = {
        language: locale(),
        timeZone: head.timeZone,
        label: (key: MessageKey) => t(key),
        change: sayAudit,
      };
      return [toHtml({ ...head, events, omitted: all - events.length }, words)];
    },
  };
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

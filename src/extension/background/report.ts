import { toHtml, toJson } from "../../core/report/export.ts";
import { buildReport } from "../../core/report/forensic.ts";
import type { Moment } from "../../core/types.ts";
import type { Journal } from "../../storage/journal.ts";
import { browser, locale, t } from "../browser.ts";

const MAX_EVENTS = 100_000;

/** What was journalled from `since` until `until`, as a file in the user's language. */
export async function writeReport(
  journal: Journal,
  { since, until, format }: { since: Moment; until: Moment; format: "html" | "json" },
): Promise<string> {
  const events = await journal.between(since, until, MAX_EVENTS);
  const { version } = browser.runtime.getManifest();
  const report = buildReport(events, { since, until, generatedAt: Date.now(), version });
  if (format === "json") return toJson(report);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return toHtml(report, { language: locale(), timeZone, label: t });
}

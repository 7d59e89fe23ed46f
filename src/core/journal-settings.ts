import { WardlightError } from "./errors.ts";

/** What the journal keeps, and how long. */
export interface JournalSettings {
  /** Days; older events are kept as counts a day. */
  readonly retentionDays: number;
  /** Whether sites are written down by name, or as a hash with a key that never leaves the browser. */
  readonly siteNames: SiteNames;
  /** Hosts, lower case, each with its subdomains, of which nothing is written down. */
  readonly unrecorded: readonly string[];
}

export const SITE_NAMES = ["plain", "hashed"] as const;
export type SiteNames = (typeof SITE_NAMES)[number];

/** What the options page offers. */
export const RETENTIONS = [30, 90, 365, 1_095] as const;

export const DEFAULT_JOURNAL: JournalSettings = { retentionDays: 365, siteNames: "plain", unrecorded: [] };

const MAX_RETENTION_DAYS = 3_650;
const MAX_UNRECORDED = 10_000;

/**
 * Reads them from outside; absent fields keep their default.
 * @throws WardlightError `validation`, naming the field.
 */
export function parseJournalSettings(value: unknown, isHost: (value: unknown) => boolean): JournalSettings {
  if (value === undefined || value === null) return DEFAULT_JOURNAL;
  const { retentionDays, siteNames, unrecorded } = { ...DEFAULT_JOURNAL, ...(value as Partial<JournalSettings>) };
  if (!Number.isInteger(retentionDays) || retentionDays < 1 || retentionDays > MAX_RETENTION_DAYS) {
    throw invalid("retentionDays", `a whole number from 1 to ${MAX_RETENTION_DAYS}`);
  }
  if (!SITE_NAMES.includes(siteNames)) throw invalid("siteNames", SITE_NAMES.join(" or "));
  if (!Array.isArray(unrecorded) || unrecorded.length > MAX_UNRECORDED || !unrecorded.every(isHost)) {
    throw invalid("unrecorded", `at most ${MAX_UNRECORDED} lower-case hosts`);
  }
  return { retentionDays, siteNames, unrecorded };
}

function invalid(field: string, wanted: string): WardlightError {
  return new WardlightError("validation", `The setting "journal.${field}" is not valid: it must be ${wanted}.`);
}

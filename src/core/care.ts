import { WardlightError } from "./errors.ts";
import type { Moment } from "./types.ts";

/** What is known of how the journal is cared for, and what the user wants to be reminded of; as it is stored. */
export interface Care {
  /** Days after which a report is to be sent again; 0 for no reminder. */
  readonly remindDays: (typeof REMINDERS)[number];
  /** When the last report was sent, or the reminder was wished for. */
  readonly reportedAt: Moment;
  /** Not to be reminded before. */
  readonly laterAt: Moment;
  readonly backup: BackupFact | null;
  readonly checks: CheckedFacts | null;
}

/** The last backup, which was restored into a scratch journal as soon as it was made. */
export interface BackupFact {
  readonly at: Moment;
  readonly entries: number;
  readonly bytes: number;
  /** From the file to a journal that was checked, in ms. */
  readonly restoreMs: number;
}

/** What the last run of the checks found. */
export interface CheckedFacts {
  readonly at: Moment;
  readonly results: readonly CheckResult[];
}

export interface CheckResult {
  readonly id: CheckId;
  readonly isGood: boolean;
  /** What was counted: days, entries, days, files. */
  readonly amount: number;
}

export const CHECKS = ["retention", "chain", "backup", "models"] as const;
export type CheckId = (typeof CHECKS)[number];

/** What the options page offers. */
export const REMINDERS = [0, 7, 14, 30] as const;
/** A backup older than this is none to rely on. */
export const BACKUP_DAYS = 30;
const DAY_MS = 86_400_000;

const DEFAULT_CARE: Care = { remindDays: 0, reportedAt: 0, laterAt: 0, backup: null, checks: null };

/** Reads it from outside (storage, a message); absent fields keep their default. @throws WardlightError `validation` */
export function parseCare(value: unknown): Care {
  if (value === undefined || value === null) return DEFAULT_CARE;
  const { remindDays, reportedAt, laterAt, backup, checks } = { ...DEFAULT_CARE, ...(value as Partial<Care>) };
  const isSound =
    REMINDERS.includes(remindDays) &&
    [reportedAt, laterAt].every(isAmount) &&
    (backup === null || [backup.at, backup.entries, backup.bytes, backup.restoreMs].every(isAmount)) &&
    (checks === null || (isAmount(checks.at) && Array.isArray(checks.results) && checks.results.every(isResult)));
  if (!isSound) throw new WardlightError("validation", "What is to be remembered of reports and backups is not valid.");
  return { remindDays, reportedAt, laterAt, backup, checks };
}

/** From when on the user is reminded to send a report; null for never. */
export function reportDueAt({ remindDays, reportedAt, laterAt }: Care): Moment | null {
  return remindDays === 0 ? null : Math.max(laterAt, reportedAt + remindDays * DAY_MS);
}

/** Whole days since a moment. */
export function daysSince(at: Moment, now: Moment): number {
  return Math.max(0, Math.floor((now - at) / DAY_MS));
}

function isResult(value: CheckResult | null): boolean {
  return CHECKS.some((id) => id === value?.id) && typeof value?.isGood === "boolean" && isAmount(value.amount);
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

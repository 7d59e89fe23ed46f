import catalog from "../../../../models/catalog.json" with { type: "json" };
import { toHex } from "../../../core/bytes.ts";
import { BACKUP_DAYS, type Care, type CheckResult, daysSince } from "../../../core/care.ts";
import { dayOf } from "../../../core/report/days.ts";
import type { Moment } from "../../../core/types.ts";
import type { Journal } from "../../../storage/journal.ts";
import { browser } from "../../browser.ts";

const DAY_MS = 86_400_000;
/** The journal is tended twice a day, and an entry's day is a whole one. */
const SLACK_DAYS = 2;

interface Subjects {
  readonly journal: Journal;
  readonly retentionDays: number;
  readonly care: Care;
  readonly now: Moment;
}

/** Runs every check. What cannot be checked, since it cannot be read, is not good. */
export async function runChecks(subjects: Subjects): Promise<CheckResult[]> {
  return [await retention(subjects), await chain(subjects), backup(subjects), await models()];
}

/** Nothing is kept for longer than was wished. */
async function retention({ journal, retentionDays, now }: Subjects): Promise<CheckResult> {
  const oldest = await journal.oldestDay();
  const limit = dayOf(now - (retentionDays + SLACK_DAYS) * DAY_MS);
  const days = oldest === undefined ? 0 : daysSince(Date.parse(oldest), now);
  return { id: "retention", isGood: oldest === undefined || oldest >= limit, amount: days };
}

async function chain({ journal }: Subjects): Promise<CheckResult> {
  const { verified, damaged } = await journal.check();
  const isSound = verified === undefined || (!verified.break && verified.begins !== "piece");
  return { id: "chain", isGood: isSound && damaged.length === 0, amount: verified ? verified.head.n + 1 : 0 };
}

function backup({ care, now }: Subjects): CheckResult {
  const days = care.backup ? daysSince(care.backup.at, now) : 0;
  return { id: "backup", isGood: care.backup !== null && days <= BACKUP_DAYS, amount: days };
}

/** Every file of a model in the package is, byte for byte, the catalogued one. */
async function models(): Promise<CheckResult> {
  const files = catalog.models.flatMap((row) => row.files);
  const sound = await Promise.all(files.map(({ path, sha256 }) => isCatalogued(path, sha256)));
  return { id: "models", isGood: sound.every(Boolean), amount: sound.filter(Boolean).length };
}

async function isCatalogued(path: string, sha256: string): Promise<boolean> {
  try {
    const response = await fetch(browser.runtime.getURL(`models/${path}`));
    return toHex(await crypto.subtle.digest("SHA-256", await response.arrayBuffer())) === sha256;
  } catch {
    return false;
  }
}

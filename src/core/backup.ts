import type { DayTally } from "./analytics/day.ts";
import type { Help } from "./analytics/intervention.ts";
import { parseDays, parseHelps } from "./analytics/stored.ts";
import { parseWishes } from "./analytics/wishes.ts";
import { ChainVerifier, type Entry, type Subtle } from "./chain.ts";
import { WardlightError } from "./errors.ts";
import { parsePins } from "./pack-pins.ts";
import { parseSettings, type Settings } from "./policy.ts";

/**
 * What a backup holds, once it is open, besides the journal's chain: settings, lists, trusted packs and wishes as they are
 * stored, and what was counted. Version 1 had no counts.
 */
export interface BackupContent {
  readonly format: "wardlight-backup-content";
  readonly formatVersion: 1 | 2;
  /** Version of the extension that wrote it. */
  readonly version: string;
  readonly createdAt: number;
  readonly stored: Readonly<Record<string, unknown>>;
  readonly days?: readonly DayTally[];
  readonly helps?: readonly Help[];
}

/** The stored values that a backup takes along, by key. */
const KEYS = /^(?:settings|packs|help|lists|list:[a-z0-9-]{1,64}:(?:[0-9]{1,2}|pages|pack))$/;

export function isBackedUp(key: string): boolean {
  return KEYS.test(key);
}

/** A JSON value a line: the content, then the journal's entries, oldest first. */
export function* backupLines(content: BackupContent, entries: Iterable<Entry>): Generator<string> {
  yield `${JSON.stringify(content)}\n`;
  for (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

export interface ParsedBackup {
  readonly content: BackupContent;
  readonly settings: Settings;
  readonly entries: readonly Entry[];
  /** Absent where they were not written down, and have to be counted from the events. */
  readonly days?: readonly DayTally[];
  readonly helps: readonly Help[];
}

/**
 * Reads what a backup holds and checks all of it, so that nothing is replaced by what does not hold.
 * @throws WardlightError `validation`, saying what is wrong.
 */
export async function parseBackup(text: string, subtle: Subtle): Promise<ParsedBackup> {
  const [first = "", ...lines] = text.split("\n").filter((line) => line !== "");
  const content = contentOf(jsonOf(first));
  const entries = lines.map((line) => jsonOf(line) as Entry);
  const verifier = new ChainVerifier(subtle);
  for (const entry of entries) {
    if (typeof entry !== "object" || entry === null) throw invalid("A line of its journal is no entry.");
    await verifier.add(entry);
  }
  const found = verifier.result();
  if (found?.break) throw invalid(`Its journal is broken at entry ${found.break.n}.`);
  if (found?.begins === "piece") throw invalid("Its journal lacks its beginning.");
  return { content, settings: parseSettings(content.stored.settings), entries, ...countsOf(content) };
}

function countsOf({ formatVersion, days, helps }: BackupContent): Pick<ParsedBackup, "days" | "helps"> {
  return formatVersion === 1 ? { helps: [] } : { days: parseDays(days), helps: parseHelps(helps) };
}

function contentOf(value: unknown): BackupContent {
  const { format, formatVersion, stored } = (value ?? {}) as Partial<BackupContent>;
  if (format !== "wardlight-backup-content") throw invalid("It holds something else.");
  if (formatVersion !== 1 && formatVersion !== 2) throw invalid("A newer Wardlight wrote it: update this one first.");
  if (typeof stored !== "object" || stored === null) throw invalid("Its settings are missing.");
  const odd = Object.keys(stored).find((key) => !isBackedUp(key));
  if (odd !== undefined) throw invalid(`It holds "${odd.slice(0, 50)}", which is unknown here.`);
  parsePins(stored.packs);
  parseWishes(stored.help);
  checkLists(stored);
  return value as BackupContent;
}

function checkLists(stored: Readonly<Record<string, unknown>>) {
  const { lists = [] } = stored;
  const isList = (list: unknown) => {
    const { id, slot, version } = (list ?? {}) as Record<string, unknown>;
    return typeof id === "string" && Number.isInteger(slot) && typeof version === "string";
  };
  if (!Array.isArray(lists) || !lists.every(isList)) throw invalid("Its lists are damaged.");
  for (const [key, part] of Object.entries(stored)) {
    if (key.startsWith("list:") && typeof part !== "string") throw invalid("The entries of a list are damaged.");
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw invalid("It is cut off or damaged.");
  }
}

function invalid(what: string): WardlightError {
  return new WardlightError("validation", `The backup was not used, and nothing was changed. ${what}`);
}

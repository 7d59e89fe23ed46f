import { type AuditChange, withoutNames } from "../../core/audit.ts";
import type { JournalEvent } from "../../core/report/journal.ts";
import { redact } from "../../core/report/redact.ts";
import type { Journal } from "../../storage/journal.ts";
import { JournalLockedError } from "../../storage/journal-lock.ts";
import { browser } from "../browser.ts";
import type { Erased } from "../messages.ts";
import type { LockJournal } from "./lock-desk.ts";
import { JOURNAL as journal } from "./own-journal.ts";
import { readSettings } from "./settings.ts";

const DAY_MS = 86_400_000;
const TEND = "tend-journal";
const TEND_MINUTES = 720;
/** The browser tells of its start within the background's first turns; that Wardlight was switched on it does not tell. */
const START_MS = 1_000;

/** The journal as the background uses it: what may not be written never comes as far as the database. */
export interface JournalDesk extends Pick<Journal, "between">, LockJournal {
  /** Resolves after commit. Private windows have nothing written down. */
  record(events: readonly JournalEvent[]): Promise<void>;
  /** Records, and says so to whoever cannot tell a death from an answer. */
  acknowledge(events: readonly JournalEvent[]): Promise<true>;
  state(): Promise<{ events: number; journalFailure?: string }>;
  erase(): Promise<Erased>;
  /** Call when a session of the browser, or of Wardlight in it, begins: writes down what was missed. */
  begin(): Promise<void>;
}

/** Must be called in the background's first tick. */
export function openJournalDesk(): JournalDesk {
  // Apart, since a journal that cannot be written, on a full disk, can be read.
  const failures: Partial<Record<"reading" | "writing", string>> = {};
  let isBrowserStarting = false;
  browser.runtime.onStartup.addListener(() => {
    isBrowserStarting = true;
  });
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === TEND) void tend();
  });
  const heard = async <T>(what: keyof typeof failures, doing: Promise<T>): Promise<T> => {
    try {
      const answer = await doing;
      delete failures[what];
      return answer;
    } catch (error) {
      if (error instanceof JournalLockedError) throw error;
      failures[what] = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw error;
    }
  };
  const record = async (events: readonly JournalEvent[]) => {
    if (browser.extension.inIncognitoContext) return;
    const { journal: wishes } = await readSettings();
    const kept = await heard("writing", redact(events, wishes, journal.hashName));
    if (kept.length > 0) await heard("writing", journal.append(kept));
  };
  const noteChanges = async (changes: readonly AuditChange[]) => {
    if (browser.extension.inIncognitoContext || changes.length === 0) return;
    const isHashed = (await readSettings()).journal.siteNames === "hashed";
    await heard("writing", journal.noteChanges(isHashed ? withoutNames(changes) : changes));
  };
  const { isLocked, lock, unlockForGood, forgetKeys, giveUp } = journal;
  return {
    ...{ isLocked, lock, unlockForGood, forgetKeys, giveUp, noteChanges },
    changes: (limit) => heard("reading", journal.changes(0, Date.now(), limit)),
    record,
    async acknowledge(events) {
      await record(events);
      return true;
    },
    between: (since, until, limit) => heard("reading", journal.between(since, until, limit)),
    async state() {
      const events = await heard("reading", journal.count()).catch(() => 0);
      const failure = failures.writing ?? failures.reading;
      return { events, ...(failure === undefined ? {} : { journalFailure: failure }) };
    },
    async erase() {
      const events = await journal.count();
      return { events, left: await heard("writing", journal.erase()) };
    },
    async begin() {
      if (browser.extension.inIncognitoContext) return;
      const [from, until] = [await journal.lastAt(), Date.now()];
      await new Promise((resolve) => setTimeout(resolve, START_MS));
      const cause = isBrowserStarting ? "closed" : "off";
      if (from !== undefined && from < until) await heard("writing", journal.noteGap({ cause, from, until }));
      browser.alarms.create(TEND, { periodInMinutes: TEND_MINUTES });
      await tend();
    },
  };
}

async function tend(): Promise<void> {
  const { retentionDays } = (await readSettings()).journal;
  // What is due while the journal is locked is done when it has been opened.
  await journal.fold(Date.now() - retentionDays * DAY_MS).catch((error) => {
    if (!(error instanceof JournalLockedError)) throw error;
  });
}

import { type Care, parseCare, reportDueAt } from "../../core/care.ts";
import { browser } from "../browser.ts";
import type { Handlers } from "../messages.ts";
import { showToolbar } from "./toolbar.ts";

const KEY = "care";
const REMIND = "remind-of-report";

/** What is remembered of reports and backups; damaged, it is forgotten. */
export async function readCare(): Promise<Care> {
  try {
    return parseCare((await browser.storage.local.get(KEY))[KEY]);
  } catch (error) {
    console.warn("What was remembered of reports and backups is damaged, and forgotten.", error);
    return parseCare(undefined);
  }
}

/** Reminds at the toolbar's button. Call in the background's first tick. */
export function remindOfReports(): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === REMIND) void showToolbar(readCare);
  });
  void readCare().then(schedule);
}

export function careConsole(): Pick<Handlers<"console">, "care"> {
  return {
    async care(change) {
      const care = parseCare({ ...(await readCare()), ...change });
      await browser.storage.local.set({ [KEY]: care });
      await schedule(care);
      return care;
    },
  };
}

/** The toolbar shows what is due now; an alarm has it look again when the next report is. */
async function schedule(care: Care): Promise<void> {
  const dueAt = reportDueAt(care);
  if (dueAt !== null && dueAt > Date.now()) browser.alarms.create(REMIND, { when: dueAt });
  else await browser.alarms.clear(REMIND);
  await showToolbar(async () => care);
}

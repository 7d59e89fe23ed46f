import { openJournal, type SessionKeep } from "../../storage/journal.ts";
import { browser } from "../browser.ts";
import { readLockKey } from "../lock-key.ts";

const KEY = "journal-key";

/** The user's journal, opened on first use; the background is its one writer. */
export const JOURNAL = openJournal({ keep: sessionKeep(), askLockKey: readLockKey });

/** In memory, for trusted contexts alone, as long as the browser runs. */
function sessionKeep(): SessionKeep {
  return {
    read: async () => (await browser.storage.session.get(KEY))[KEY],
    write: (value) => browser.storage.session.set({ [KEY]: value }),
  };
}

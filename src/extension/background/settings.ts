import { parseSettings, type Settings } from "../../core/policy.ts";
import { browser } from "../browser.ts";

const KEY = "settings";

/**
 * The user's settings. They lie in `storage.local`, not beside the journal: with `incognito: split` a private window's
 * IndexedDB is empty, and its guard must follow the same wishes.
 */
export async function readSettings(): Promise<Settings> {
  const stored = (await browser.storage.local.get(KEY))[KEY];
  try {
    return parseSettings(stored);
  } catch (error) {
    console.warn("The stored settings are damaged; the defaults hold.", error);
    return parseSettings(undefined);
  }
}

/** Answers with all settings. @throws WardlightError `validation`; nothing is changed then. */
export async function changeSettings(change: Partial<Settings>): Promise<Settings> {
  const settings = parseSettings({ ...(await readSettings()), ...change });
  await browser.storage.local.set({ [KEY]: settings });
  return settings;
}

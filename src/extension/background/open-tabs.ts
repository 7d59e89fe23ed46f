import { browser } from "../browser.ts";

/**
 * Adds the manifest's own style and script to every page that is open already: browsers add them only to pages that are
 * loaded later. Where a guard lives, the script does nothing.
 */
export async function guardOpenTabs(): Promise<void> {
  const tabs = await browser.tabs.query({ url: ["http://*/*", "https://*/*"] });
  await Promise.all(tabs.map(({ id }) => id !== undefined && guardTab(id)));
}

async function guardTab(tabId: number) {
  const scripts = browser.runtime.getManifest().content_scripts ?? [];
  const css = scripts.flatMap((script) => script.css ?? []);
  const js = scripts.flatMap((script) => script.js ?? []);
  const target = { tabId, allFrames: true };
  try {
    await browser.scripting.insertCSS({ target, files: css, origin: "USER" });
    await browser.scripting.executeScript({ target, files: js, injectImmediately: true });
  } catch {
    // Refused on extension stores, and for tabs that are closed or asleep by now.
  }
}

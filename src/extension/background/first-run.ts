import { browser } from "../browser.ts";

const WELCOME = "src/extension/welcome/index.html";
const HAS_BEGUN = "has-begun";

/** Opens the welcome page once: in front of a user, behind the tabs of a developer or test. */
export function welcomeNewcomers(): void {
  browser.runtime.onInstalled.addListener(async ({ reason }) => {
    if (reason !== "install") return;
    const { installType } = await browser.management.getSelf();
    await browser.tabs.create({ url: browser.runtime.getURL(WELCOME), active: installType !== "development" });
  });
}

/**
 * Calls at the background's first start after an installation, an update, a restart of the browser, or after Wardlight
 * was switched off and on again: whenever open pages may have no guard that lives.
 */
export async function onNewBeginning(begin: () => unknown): Promise<void> {
  // In Chrome a private window has a background of its own.
  const key = `${HAS_BEGUN}-${browser.extension.inIncognitoContext}`;
  if ((await browser.storage.session.get(key))[key]) return;
  await browser.storage.session.set({ [key]: true });
  begin();
}

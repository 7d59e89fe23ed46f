import { browser } from "./browser.ts";

const ALL_SITES = { origins: ["<all_urls>"] };

/** May Wardlight look at any site? The user may give this and take it back at any time, in both browsers. */
export function hasSiteAccess(): Promise<boolean> {
  return browser.permissions.contains(ALL_SITES);
}

/**
 * Asks the user to let Wardlight read one site, where that is not given already; must be called straight from a click or
 * key.
 */
export async function requestAccessTo(url: string): Promise<boolean> {
  return browser.permissions.request({ origins: [`${new URL(url).origin}/*`.replace(/:\d+\/\*$/, "/*")] });
}

/** Asks the user; must be called straight from a click or key. Answers whether access was given. */
export function requestSiteAccess(): Promise<boolean> {
  return browser.permissions.request(ALL_SITES);
}

import { browser } from "../browser.ts";

/**
 * Chrome applies the manifest's style sheet with the author's rights, which a page's inline `!important` outranks. The
 * same sheet with the user's rights, added as soon as a frame commits, outranks the page. (Firefox has `css_origin`.)
 */
export function hideBeforePages(): void {
  const files = browser.runtime.getManifest().content_scripts?.flatMap(({ css }) => css ?? []) ?? [];
  browser.webNavigation.onCommitted.addListener(({ tabId, frameId }) => {
    const target = { tabId, frameIds: [frameId] };
    // Refused on the browser's own pages, where there is nothing to guard.
    void browser.scripting.insertCSS({ target, files, origin: "USER" }).catch(() => {});
  });
}

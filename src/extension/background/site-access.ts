import { browser } from "../browser.ts";
import { readCare } from "./care.ts";
import { showToolbar } from "./toolbar.ts";

/** Shows at the toolbar's button when Wardlight may not look at sites, which the user can decide at any time. */
export function watchSiteAccess(onGiven: () => void): void {
  browser.permissions.onRemoved.addListener(() => showToolbar(readCare));
  browser.permissions.onAdded.addListener(async () => {
    await showToolbar(readCare);
    onGiven();
  });
  void showToolbar(readCare);
}

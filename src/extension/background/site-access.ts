import { hasSiteAccess } from "../access.ts";
import { browser, t } from "../browser.ts";

const RED = "#a3231c";

/** Shows at the toolbar's button when Wardlight may not look at sites, which the user can decide at any time. */
export function watchSiteAccess(onGiven: () => void): void {
  browser.permissions.onRemoved.addListener(showSiteAccess);
  browser.permissions.onAdded.addListener(async () => {
    await showSiteAccess();
    onGiven();
  });
  void showSiteAccess();
}

async function showSiteAccess() {
  const isGuarding = await hasSiteAccess();
  await Promise.all([
    browser.action.setBadgeText({ text: isGuarding ? "" : "!" }),
    browser.action.setBadgeBackgroundColor({ color: RED }),
    browser.action.setTitle({ title: isGuarding ? t("name") : t("access_badge") }),
  ]);
}

import { type Care, reportDueAt } from "../../core/care.ts";
import { hasSiteAccess } from "../access.ts";
import { browser, t } from "../browser.ts";

const RED = "#a3231c";
const AMBER = "#8a5a00";

/** What the toolbar's button says: first that Wardlight may not look at sites, then that a report is due, else nothing. */
export async function showToolbar(readCare: () => Promise<Care>): Promise<void> {
  const [isGuarding, care] = await Promise.all([hasSiteAccess(), readCare()]);
  const dueAt = reportDueAt(care);
  const isDue = dueAt !== null && dueAt <= Date.now();
  const title = isDue ? t("remind_badge") : t("name");
  await Promise.all([
    browser.action.setBadgeText({ text: isGuarding ? (isDue ? "1" : "") : "!" }),
    browser.action.setBadgeBackgroundColor({ color: isGuarding ? AMBER : RED }),
    browser.action.setTitle({ title: isGuarding ? title : t("access_badge") }),
  ]);
}

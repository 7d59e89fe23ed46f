import { browser, type Runtime, t } from "../browser.ts";
import { sendToFrame } from "../messages.ts";

const AMBER = "#8a4f00";
const MOST = 99;

/**
 * Shows at the toolbar's button how many passages and comments of the visitor's tab were marked or covered. Each frame is
 * asked what it shows, so that nothing has to be remembered here; the browser takes the number away with the page.
 */
export async function countFindings({ tab }: Runtime.MessageSender): Promise<void> {
  const tabId = tab?.id;
  if (tabId === undefined) return;
  const frames = (await browser.webNavigation.getAllFrames({ tabId })) ?? [];
  const counts = await Promise.all(
    frames.map(async ({ frameId }) => {
      const summary = await sendToFrame({ tabId, frameId }, "texts", "summary", null).catch(() => undefined);
      return summary ? summary.marked + summary.covered : 0;
    }),
  );
  const count = counts.reduce((sum, one) => sum + one, 0);
  const text = count > MOST ? `${MOST}+` : String(count);
  await Promise.all([
    browser.action.setBadgeText({ tabId, text: count > 0 ? text : null }),
    browser.action.setBadgeBackgroundColor({ tabId, color: AMBER }),
    browser.action.setTitle({ tabId, title: count > 0 ? t("badge_found", text) : t("name") }),
  ]);
}

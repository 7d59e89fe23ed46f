import { WardlightError } from "../../core/errors.ts";
import { hostOf } from "../../core/host.ts";
import type { Settings } from "../../core/policy.ts";
import type { Runtime } from "../browser.ts";
import { sendToTab } from "../messages.ts";

/**
 * Exempts the site of a tab and has everything in it shown. The host is the tab's as the browser knows it: what stands
 * in a message would be the page's word.
 * @throws WardlightError `security` for a tab without a site, for a private one, which is to leave no trace, and where a
 * lock forbids it.
 */
export async function allowSite(
  tab: Runtime.MessageSender["tab"],
  { allowlist }: Settings,
  change: (change: Partial<Settings>) => Promise<Settings>,
): Promise<void> {
  const host = hostOf(tab?.url ?? "");
  if (!tab?.id || tab.incognito || !host) throw new WardlightError("security", "This tab shows no site to exempt.");
  const changed = await change({ allowlist: [...new Set([...allowlist, host])].sort() });
  // It may have to wait first.
  if (!changed.allowlist.includes(host)) return;
  const texts = sendToTab(tab.id, "texts", "release", null).catch(() => {});
  await Promise.all([sendToTab(tab.id, "page", "release", null), texts]);
}

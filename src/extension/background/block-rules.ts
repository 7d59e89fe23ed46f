import type { Policy } from "../../core/types.ts";
import type { Blocklist } from "../../core/url/blocklist.ts";
import { browser, type DeclarativeNetRequest } from "../browser.ts";
import { LISTS, readLists } from "./lists.ts";

type Rule = DeclarativeNetRequest.Rule;

/** Every kind of request that both browsers know: the default would leave out the page itself. */
const RESOURCE_TYPES = [
  "main_frame",
  "sub_frame",
  "stylesheet",
  "script",
  "image",
  "font",
  "object",
  "xmlhttprequest",
  "ping",
  "media",
  "websocket",
  "other",
] as NonNullable<Rule["condition"]["resourceTypes"]>;

const KEY = "block-rules";

/**
 * Has the browser itself refuse listed hosts, before the first byte. The rules outlive the background and the browser,
 * and are written anew only when they would be others. They never redirect: that would need a blocked page which web
 * pages can fetch and frame.
 */
export async function installBlockRules({ allowlist }: Policy, isPaused: boolean): Promise<void> {
  const { declarativeNetRequest, storage } = browser;
  const wanted = JSON.stringify([LISTS.map(({ sha256 }) => sha256), allowlist, isPaused]);
  const installed = await declarativeNetRequest.getDynamicRules();
  const isThere = isPaused || installed.length >= LISTS.length;
  if (isThere && (await storage.local.get(KEY))[KEY] === wanted) return;
  await declarativeNetRequest.updateDynamicRules({
    removeRuleIds: installed.map(({ id }) => id),
    addRules: isPaused ? [] : rulesFor(await readLists(), allowlist),
  });
  await storage.local.set({ [KEY]: wanted });
}

function rulesFor(lists: readonly Blocklist[], allowlist: readonly string[]): Rule[] {
  const blocks = lists.map(({ hosts }, i) => ruleFor(i + 1, "block", [...hosts]));
  return allowlist.length > 0 ? [...blocks, ruleFor(lists.length + 1, "allow", [...allowlist])] : blocks;
}

function ruleFor(id: number, type: "block" | "allow", requestDomains: string[]): Rule {
  const priority = type === "allow" ? 2 : 1;
  return { id, priority, action: { type }, condition: { requestDomains, resourceTypes: RESOURCE_TYPES } };
}

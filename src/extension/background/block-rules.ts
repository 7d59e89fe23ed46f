import type { Settings } from "../../core/policy.ts";
import { blockRule, RESOURCE_TYPES } from "../../core/url/block-rule.ts";
import { SHARDS } from "../../core/url/host-pack.ts";
import { isPageEntry } from "../../core/url/page-entry.ts";
import type { Subscription } from "../../core/url/subscription.ts";
import { browser, type DeclarativeNetRequest } from "../browser.ts";
import { linesOf, readParts, readSubscriptions } from "./list-store.ts";
import { LISTS } from "./lists.ts";

type Rule = DeclarativeNetRequest.Rule;

const resourceTypes = [...RESOURCE_TYPES] as NonNullable<Rule["condition"]["resourceTypes"]>;

/** An exemption outranks every list. */
export const ALLOW_PRIORITY = 2;
const EXEMPT = 1;
const PAUSED = 2;
const FIRST_OF_LISTS = 1_000;
const KEY = "block-rules";

/** The version of each list of the user's whose rules are in place. */
type Installed = Readonly<Record<string, string>>;

/**
 * Has the browser itself refuse listed hosts, before the first byte. Shipped lists are static rules, which hold from the
 * moment of installation; the user's lists and exemptions are dynamic ones, which outlive the background and the
 * browser and are written anew only where they would be others. They never redirect: that would need a blocked page
 * which web pages can fetch and frame.
 */
export async function installBlockRules(settings: Settings, isPaused: boolean): Promise<void> {
  await Promise.all([switchShipped(settings.offLists), exempt(settings, isPaused)]);
  const lists = await readSubscriptions();
  const on = lists.filter(({ id, isRemoved }) => !isRemoved && !settings.offLists.includes(id));
  const installed = await readInstalled(lists);
  for (const list of lists) {
    if (!on.includes(list) && installed[list.id]) await removeListRules(list);
    else if (on.includes(list) && installed[list.id] !== list.version) await writeListRules(list);
  }
}

async function switchShipped(offLists: readonly string[]) {
  const { declarativeNetRequest } = browser;
  const enabled = await declarativeNetRequest.getEnabledRulesets();
  const isOff = (id: string) => offLists.includes(id);
  const disableRulesetIds = enabled.filter(isOff);
  const enableRulesetIds = LISTS.map(({ id }) => id).filter((id) => !isOff(id) && !enabled.includes(id));
  if (disableRulesetIds.length + enableRulesetIds.length === 0) return;
  await declarativeNetRequest.updateEnabledRulesets({ disableRulesetIds, enableRulesetIds });
}

async function exempt({ allowlist, trustedAddresses }: Settings, isPaused: boolean) {
  const hosts = [...new Set([...allowlist, ...trustedAddresses.filter((name) => !isPageEntry(name))])];
  await browser.declarativeNetRequest.updateDynamicRules({
    removeRuleIds: [EXEMPT, PAUSED],
    addRules: [
      ...(hosts.length > 0 ? [{ ...allowRule(EXEMPT), condition: { requestDomains: hosts, resourceTypes } }] : []),
      ...(isPaused ? [allowRule(PAUSED)] : []),
    ],
  });
}

/** Lets every request through that nothing narrows down. */
export function allowRule(id: number): Rule {
  return { id, priority: ALLOW_PRIORITY, action: { type: "allow" }, condition: { resourceTypes } };
}

/** Installs the rules of a list, or of those shards of it alone. */
export async function writeListRules(list: Subscription, shards = [...Array(SHARDS).keys()]): Promise<void> {
  const parts = await readParts(list.id);
  const id = (shard: number) => FIRST_OF_LISTS + list.slot * SHARDS + shard;
  const wanted = shards.map((shard) => ({ id: id(shard), hosts: linesOf(parts.shards[shard] ?? "") }));
  await browser.declarativeNetRequest.updateDynamicRules({
    removeRuleIds: wanted.map((rule) => rule.id),
    addRules: wanted.filter(({ hosts }) => hosts.length > 0).map((rule) => blockRule(rule.id, rule.hosts) as Rule),
  });
  await note({ [list.id]: list.version });
}

export async function removeListRules({ id, slot }: Subscription): Promise<void> {
  const removeRuleIds = Array.from({ length: SHARDS }, (_, shard) => FIRST_OF_LISTS + slot * SHARDS + shard);
  await browser.declarativeNetRequest.updateDynamicRules({ removeRuleIds });
  await note({ [id]: undefined });
}

async function note(change: Record<string, string | undefined>) {
  const noted = (await browser.storage.local.get(KEY))[KEY] as Installed | undefined;
  await browser.storage.local.set({ [KEY]: JSON.parse(JSON.stringify({ ...noted, ...change })) });
}

/** What was noted, unless the browser has lost the rules since (an add-on taken out and put in again). */
async function readInstalled(lists: readonly Subscription[]): Promise<Installed> {
  const noted = ((await browser.storage.local.get(KEY))[KEY] as Installed | undefined) ?? {};
  if (lists.every(({ hosts }) => hosts === 0)) return noted;
  const rules = await browser.declarativeNetRequest.getDynamicRules();
  const slots = new Set(rules.map(({ id }) => Math.floor((id - FIRST_OF_LISTS) / SHARDS)));
  const isThere = ({ slot, hosts }: Subscription) => hosts === 0 || slots.has(slot);
  return Object.fromEntries(lists.filter(isThere).flatMap(({ id }) => (noted[id] ? [[id, noted[id]]] : [])));
}

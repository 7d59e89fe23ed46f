import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { type ListRow, parseCatalog } from "../../core/catalog.ts";
import { WardlightError } from "../../core/errors.ts";
import type { Blocklist } from "../../core/url/blocklist.ts";
import { type HashSet, readPack, textHas } from "../../core/url/host-pack.ts";
import { isPageEntry } from "../../core/url/page-entry.ts";
import type { Subscription } from "../../core/url/subscription.ts";
import { browser } from "../browser.ts";
import { hasEntry, readPackOf, readSubscriptions } from "./list-store.ts";

export const CATALOG = parseCatalog(catalogJson);
export const { lists: LISTS, pack: PACK } = CATALOG;

let shipped: Promise<readonly Blocklist[]> | undefined;
const opened = new Map<string, { readonly version: string; readonly list: Promise<Blocklist> }>();

/** Every list that counts, the shipped ones first. Each is read once in the life of the background, as it lies. */
export async function readLists(offLists: readonly string[]): Promise<readonly Blocklist[]> {
  shipped ??= openShipped();
  shipped.catch(() => {
    shipped = undefined;
  });
  const own = (await readSubscriptions()).filter(({ id, isRemoved }) => !isRemoved && !offLists.includes(id));
  const lists = await Promise.all([shipped, ...own.map(open)]);
  return lists.flat().filter(({ id }) => !offLists.includes(id));
}

async function openShipped(): Promise<Blocklist[]> {
  const response = await fetch(browser.runtime.getURL(PACK.path));
  const bytes = new Uint8Array(await response.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  if (digest.toHex() !== PACK.sha256) {
    throw new WardlightError("security", "The packed lists are not the catalogued ones: install Wardlight anew.");
  }
  const sections = readPack(bytes);
  return LISTS.map((row, i) => ({
    id: row.id,
    category: row.category,
    hosts: sections[i] as HashSet,
    confirm: async (entry) => textHas(await readText(row), entry),
  }));
}

/** A shipped list as text; only a hit asks for it. */
export async function readText({ path }: ListRow): Promise<string> {
  return (await fetch(browser.runtime.getURL(path))).text();
}

function open({ id, category, version }: Subscription): Promise<Blocklist> {
  const known = opened.get(id);
  if (known?.version === version) return known.list;
  const list = readPackOf(id).then((bytes) => {
    const [hosts, pages] = readPack(bytes) as [HashSet, HashSet];
    return { id, category, hosts, pages, confirm: (entry: string) => hasEntry(id, entry, isPageEntry(entry)) };
  });
  opened.set(id, { version, list });
  list.catch(() => opened.delete(id));
  return list;
}

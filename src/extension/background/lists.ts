import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../../core/catalog.ts";
import { type Blocklist, parseHosts } from "../../core/url/blocklist.ts";
import { browser } from "../browser.ts";

export const LISTS = parseCatalog(catalogJson).lists;

let loaded: Promise<readonly Blocklist[]> | undefined;

/** The shipped lists, read once in the life of the background. */
export function readLists(): Promise<readonly Blocklist[]> {
  loaded ??= Promise.all(
    LISTS.map(async ({ id, category, path }) => {
      const response = await fetch(browser.runtime.getURL(path));
      return { id, category, hosts: new Set(parseHosts(await response.text())) };
    }),
  );
  return loaded;
}

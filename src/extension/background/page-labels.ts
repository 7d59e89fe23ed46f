import { ALL_PAGE_LABELS, type Described } from "../../core/page-labels.ts";
import { sha256 } from "../../inference/load.ts";
import { browser } from "../browser.ts";
import { oneByOne } from "./one-by-one.ts";

const KEY = "page-labels";
const MAX_PAGES = 200;

/**
 * By the digest of an address: a page may give itself one of megabytes, and where Firefox has one store for all windows,
 * it is not to hold what a private one showed.
 */
type Pages = Readonly<Record<string, readonly Described[]>>;

/** What each of these pages is about, as far as it is one of the newest that were read while the browser runs. */
export async function readPageLabels(urls: readonly string[]): Promise<readonly (readonly Described[])[]> {
  const pages = await readPages();
  return Promise.all(urls.map(async (url) => pages[await keyOf(url)] ?? []));
}

/** Takes the place of what was kept of the page before. In memory; of more than 200 pages the oldest is forgotten. */
export const keepPageLabels = oneByOne(async (url: string, described: readonly Described[]) => {
  const key = await keyOf(url);
  const { [key]: _, ...others } = await readPages();
  const sound = described.filter(({ label }) => ALL_PAGE_LABELS.includes(label));
  const pages = [...Object.entries(others), [key, sound] as const].slice(-MAX_PAGES);
  await browser.storage.session.set({ [KEY]: Object.fromEntries(pages) });
});

/** An address without its fragment. */
export function pageOf(url: string): string {
  return url.split("#", 1)[0] ?? url;
}

async function readPages(): Promise<Pages> {
  return ((await browser.storage.session.get(KEY))[KEY] as Pages | undefined) ?? {};
}

function keyOf(url: string): Promise<string> {
  return sha256(new TextEncoder().encode(pageOf(url)));
}

import { ALL_PAGE_LABELS, type Described } from "../../core/page-labels.ts";
import { browser } from "../browser.ts";

const KEY = "page-labels";
const MAX_PAGES = 200;

type Pages = Readonly<Record<string, readonly Described[]>>;

/** What the newest pages are about, by address without fragment; in memory, kept while the browser runs. */
export async function readPageLabels(): Promise<Pages> {
  return ((await browser.storage.session.get(KEY))[KEY] as Pages | undefined) ?? {};
}

export const keepPageLabels = oneAfterAnother(async (url: string, described: readonly Described[]) => {
  const { [pageOf(url)]: _, ...others } = await readPageLabels();
  const sound = described.filter(({ label }) => ALL_PAGE_LABELS.includes(label));
  const pages = [...Object.entries(others), [pageOf(url), sound] as const].slice(-MAX_PAGES);
  await browser.storage.session.set({ [KEY]: Object.fromEntries(pages) });
});

/** An address without its fragment. */
export function pageOf(url: string): string {
  return url.split("#", 1)[0] ?? url;
}

/** What is read, changed and written would lose one of two changes at once. */
function oneAfterAnother<Given extends unknown[]>(job: (...given: Given) => Promise<void>) {
  let last = Promise.resolve();
  return (...given: Given): Promise<void> => {
    const next = last.then(() => job(...given));
    last = next.catch(() => {});
    return next;
  };
}

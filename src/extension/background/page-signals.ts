import { hostOf } from "../../core/host.ts";
import type { Signal } from "../../core/types.ts";
import { browser } from "../browser.ts";

const keyOf = (url: string) => `page-signals:${hostOf(url)}`;

/** What a page said against itself, for the blocked page that takes its place; kept while the browser runs. */
export async function keepPageSignals(url: string, signals: readonly Signal[]): Promise<void> {
  await browser.storage.session.set({ [keyOf(url)]: signals });
}

export async function pageSignalsOf(url: string): Promise<readonly Signal[]> {
  const key = keyOf(url);
  return ((await browser.storage.session.get(key))[key] as Signal[] | undefined) ?? [];
}

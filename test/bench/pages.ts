import type { BrowserContext, Page } from "puppeteer-core";
import type { Guarded } from "../../scripts/browser.mjs";

/** A tab in which functions of this code can be evaluated. */
export async function newPage(from: Pick<BrowserContext, "newPage">): Promise<Page> {
  return prepared(await from.newPage());
}

export async function openOwnPage(guarded: Guarded, path: string): Promise<Page> {
  return prepared(await guarded.openOwnPage(path));
}

/** The transpiler names inner functions with a helper of its own, which a page does not have. */
async function prepared(page: Page): Promise<Page> {
  const helper = "globalThis.__name = (named) => named";
  await page.evaluateOnNewDocument(helper);
  await page.evaluate(helper);
  return page;
}

import { browser, type DeclarativeNetRequest } from "../browser.ts";
import { ALLOW_PRIORITY } from "./block-rules.ts";

type Rule = DeclarativeNetRequest.Rule;

/** Loans outlive the background that made them, so they are not numbered from 1. */
const MAX_ID = 2 ** 31;

/**
 * Lets the extension's own requests for one address carry a `Referer`: that of the page which shows the picture, where
 * its server refuses without. The browser forgets all loans when it ends.
 */
export async function lendReferrer({ url, referrer }: { url: string; referrer: string }): Promise<number> {
  const id = 1 + Math.floor(Math.random() * (MAX_ID - 1));
  await browser.declarativeNetRequest.updateSessionRules({ addRules: [ruleFor(id, url, referrer)] });
  return id;
}

export async function giveBackReferrer(id: number): Promise<void> {
  await browser.declarativeNetRequest.updateSessionRules({ removeRuleIds: [id] });
}

function ruleFor(id: number, url: string, referrer: string): Rule {
  return {
    id,
    // Above the rules that exempt an address: those would let the request through as it is.
    priority: ALLOW_PRIORITY + 1,
    action: { type: "modifyHeaders", requestHeaders: [{ header: "referer", operation: "set", value: referrer }] },
    condition: {
      // A `*` or `^` in the address would stand for more than itself: it still names this address, and no page's request.
      urlFilter: `|${url.split("#", 1)[0]}|`,
      initiatorDomains: [new URL(browser.runtime.getURL("")).hostname],
      resourceTypes: ["xmlhttprequest"],
    },
  };
}

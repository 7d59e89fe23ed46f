import { readFileSync } from "node:fs";
import type { Page } from "puppeteer-core";
import { expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import { type Kind, ROOT } from "../../scripts/setup.mjs";
import { parseHosts } from "../../src/core/url/blocklist.ts";
import { blockedFor, KINDS, marks, OPTIONS_PAGE, openGuarded, serveFixture, verdicts } from "./harness.ts";

/** A real entry of a shipped list; here it means this machine. */
const [LISTED = ""] = parseHosts(readFileSync(`${ROOT}public/lists/phishing.txt`, "utf8")).filter((host) =>
  /^[a-z-]+\.com$/.test(host),
);
const SOON = { timeout: 15_000, interval: 50 };

/** Allows the extension into private windows and opens one, as only the browser's user can. */
const OPEN_PRIVATE: Readonly<Record<Kind, (guarded: Guarded) => Promise<Page>>> = {
  async chromium(guarded) {
    const session = await guarded.browser.target().createCDPSession();
    await session.send("Extensions.loadUnpacked", { path: guarded.extension, enableInIncognito: true });
    const own = await allowed(guarded);
    // Split in two, the extension is told nothing of the window that it opens.
    await own.evaluate(() => void chrome.windows.create({ incognito: true, url: "about:blank#private" }));
    const target = await guarded.browser.waitForTarget((candidate) => candidate.url() === "about:blank#private");
    const page = await target.page();
    if (!page) throw new Error("The private window shows no page.");
    return page;
  },
  async firefox(guarded) {
    const addons = await guarded.newPage();
    await addons.goto("about:addons", { waitUntil: [] });
    // The page's own policy forbids puppeteer's waiting functions.
    await vi.waitUntil(() => addons.evaluate(() => "ChromeUtils" in globalThis), SOON);
    await addons.evaluate(allowInFirefox, "wardlight@wardlight.example");
    await allowed(guarded);
    await addons.evaluate(openWindowInFirefox);
    return vi.waitUntil(async () => {
      const pages = await guarded.browser.pages();
      return pages.find((page) => page.url() === "about:privatebrowsing");
    }, SOON);
  },
};

/** An own page of the extension once it may enter private windows; allowing that starts it anew. */
function allowed(guarded: Guarded): Promise<Page> {
  return vi.waitUntil(async () => {
    const page = await guarded.openOwnPage(OPTIONS_PAGE).catch(() => undefined);
    const isAllowed = await page?.evaluate(() => chrome.extension.isAllowedIncognitoAccess()).catch(() => false);
    return isAllowed && page;
  }, SOON);
}

interface Privileged {
  ChromeUtils: {
    importESModule(address: string): {
      ExtensionPermissions: { add(id: string, permissions: object, extension: unknown): Promise<void> };
      AddonManager: { getAddonByID(id: string): Promise<{ reload(): Promise<void> }> };
    };
  };
  WebExtensionPolicy: { getByID(id: string): { extension: unknown } };
  Services: { wm: { getMostRecentWindow(kind: string): { OpenBrowserWindow(options: { private: true }): void } } };
}

/** Runs in a page of the browser itself: what its switch "Run in private windows" does. */
async function allowInFirefox(id: string): Promise<void> {
  const { ChromeUtils, WebExtensionPolicy } = globalThis as unknown as Privileged;
  const { ExtensionPermissions } = ChromeUtils.importESModule("resource://gre/modules/ExtensionPermissions.sys.mjs");
  const { AddonManager } = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
  const permissions = { permissions: ["internal:privateBrowsingAllowed"], origins: [] };
  await ExtensionPermissions.add(id, permissions, WebExtensionPolicy.getByID(id).extension);
  await (await AddonManager.getAddonByID(id)).reload();
}

function openWindowInFirefox(): void {
  const { Services } = globalThis as unknown as Privileged;
  Services.wm.getMostRecentWindow("navigator:browser").OpenBrowserWindow({ private: true });
}

test.each(KINDS)(
  "in a private window of %s: pictures are judged; a listed host is blocked, 0 requests; in Chromium, Proceed opens it and nothing is written",
  async (kind) => {
    const fixture = await serveFixture({ "/start": '<img src="/flat/306090.png">', "/bad": "<h1>Bad</h1>" });
    const guarded = await openGuarded(kind, { localHosts: [LISTED] });
    try {
      const page = await OPEN_PRIVATE[kind](guarded);
      const own = await guarded.openOwnPage(OPTIONS_PAGE);
      await page.goto(`${fixture.origin}/start`);
      await vi.waitFor(async () => expect(await marks(page)).toEqual(["shown"]), SOON);
      await page.evaluate((url) => location.assign(url), `http://${LISTED}:${fixture.port}/bad`);
      await blockedFor(page, LISTED);
      expect(fixture.requests.filter(({ host }) => host.startsWith(LISTED))).toEqual([]);
      if (kind === "firefox") return;
      await page.waitForSelector("details", SOON);
      await page.$eval("details", (details) => details.setAttribute("open", ""));
      await page.waitForSelector("#proceed", SOON);
      await page.$eval("#proceed", (button) => (button as HTMLButtonElement).click());
      await vi.waitFor(async () => {
        expect(await page.$eval("h1", (heading) => heading.textContent).catch(() => "")).toBe("Bad");
      }, SOON);
      expect(await verdicts(own)).toEqual([]);
    } finally {
      await guarded.close();
      await fixture.close();
    }
  },
);

import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { ROOT } from "../../scripts/setup.mjs";
import { parseHosts } from "../../src/core/url/blocklist.ts";
import { OPTIONS_PAGE, openGuarded, serveFixture, verdicts } from "./harness.ts";

/** A real entry of a shipped list; here it means this machine. */
const [LISTED = ""] = parseHosts(readFileSync(`${ROOT}public/lists/phishing.txt`, "utf8")).filter((host) =>
  /^[a-z-]+\.com$/.test(host),
);
const SOON = { timeout: 15_000, interval: 50 };

// Firefox alone knows whether an add-on may enter private windows; its driver can neither say so nor ask for one.
test("in a private window of chromium: blocked, 0 requests; Proceed opens it; the journal is told nothing", async () => {
  const fixture = await serveFixture({ "/start": "<h1>Start</h1>", "/bad": "<h1>Bad</h1>" });
  const guarded = await openGuarded("chromium", { localHosts: [LISTED] });
  try {
    const session = await guarded.browser.target().createCDPSession();
    await session.send("Extensions.loadUnpacked", { path: `${ROOT}dist/chromium`, enableInIncognito: true });
    const own = await vi.waitUntil(async () => {
      const page = await guarded.openOwnPage(OPTIONS_PAGE).catch(() => undefined);
      const isAllowed = await page?.evaluate(() => chrome.extension.isAllowedIncognitoAccess()).catch(() => false);
      return isAllowed && page;
    }, SOON);
    const start = `${fixture.origin}/start`;
    // Split in two, the extension is told nothing of the window that it opens.
    await own.evaluate((url) => void chrome.windows.create({ incognito: true, url }), start);
    const target = await guarded.browser.waitForTarget((candidate) => candidate.url() === start);
    const page = await target.page();
    if (!page) throw new Error("The private window shows no page.");
    await page.evaluate((url) => location.assign(url), `http://${LISTED}:${fixture.port}/bad`);
    await page.waitForFunction((host) => document.querySelector("#host")?.textContent === host, SOON, LISTED);
    expect(fixture.requests.filter(({ host }) => host.startsWith(LISTED))).toEqual([]);
    await page.$eval("details", (details) => details.setAttribute("open", ""));
    await page.waitForSelector("#proceed", SOON);
    await page.$eval("#proceed", (button) => (button as HTMLButtonElement).click());
    await vi.waitFor(async () => {
      expect(await page.$eval("h1", (heading) => heading.textContent).catch(() => "")).toBe("Bad");
    }, SOON);
    expect((await verdicts(own)).filter(({ label }) => label.includes(LISTED))).toEqual([]);
  } finally {
    await guarded.close();
    await fixture.close();
  }
});

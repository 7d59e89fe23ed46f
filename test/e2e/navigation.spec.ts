import { readFileSync } from "node:fs";
import type { Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import { ROOT } from "../../scripts/setup.mjs";
import { parseHosts } from "../../src/core/url/blocklist.ts";
import { ask, type Fixture, KINDS, OPTIONS_PAGE, openGuarded, serveFixture, verdicts } from "./harness.ts";

/** Real entries of a shipped list (.com: browsers open some other endings by https alone); here they mean this machine. */
const [LISTED, SECOND] = parseHosts(readFileSync(`${ROOT}public/lists/phishing.txt`, "utf8")).filter((host) =>
  /^[a-z-]+\.com$/.test(host),
) as [string, string];
const SOON = { timeout: 15_000, interval: 50 };

describe.each(KINDS)("addresses in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let own: Page;
  let page: Page;

  beforeAll(async () => {
    const pages: Record<string, string> = { "/": "<h1>Start</h1>", "/bad": "<h1>Never seen</h1>" };
    fixture = await serveFixture(pages);
    pages["/links"] = `<a id="listed" href="http://${LISTED}:${fixture.port}/bad?secret=1#part">a link</a>
      <a id="redirect" href="/to?http://sub.${LISTED}:${fixture.port}/bad">a detour</a>
      <img src="http://${LISTED}:${fixture.port}/flat/303030.png">
      <iframe src="http://${SECOND}:${fixture.port}/bad"></iframe>`;
    guarded = await openGuarded(kind, { localHosts: [LISTED, `sub.${LISTED}`, SECOND] });
    own = await guarded.openOwnPage(OPTIONS_PAGE);
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
  });
  beforeEach(async () => {
    page = await guarded.newPage();
    await page.goto(`${fixture.origin}/links`);
  });
  afterEach(() => page.close().catch(() => {}));

  const toListed = () => fixture.requests.filter(({ host }) => !host.startsWith("127."));
  const blockedPage = () => page.waitForSelector("#host", { timeout: 15_000 });
  /** Firefox keeps the address of our own pages from puppeteer's targets. */
  const findPage = async (part: string) => {
    for (const candidate of await guarded.browser.pages()) {
      const address = await candidate.evaluate(() => location.href).catch(() => "");
      if (address.includes(part)) return candidate;
    }
    return undefined;
  };
  const text = (selector: string) => page.$eval(selector, (element) => element.textContent ?? "");

  test("a listed host gets no request, the blocked page says why, and Go back goes back", async () => {
    await page.click("#listed");
    await blockedPage();
    expect(await text("#host")).toContain(LISTED);
    expect(await text("#reason")).not.toBe("");
    expect(toListed()).toEqual([]);
    await page.click("#go-back");
    await page.waitForSelector("#listed", { timeout: 15_000 });
    expect(toListed()).toEqual([]);
  });

  test("a server's redirect to a listed host's subdomain ends on the blocked page too", async () => {
    await page.click("#redirect");
    await blockedPage();
    expect(await text("#host")).toContain(`sub.${LISTED}`);
    expect(toListed()).toEqual([]);
  });

  test("each blocked visit is one row in the journal, without query and fragment", async () => {
    await vi.waitFor(async () => {
      const rows = (await verdicts(own)).filter(({ subject }) => subject === "url");
      expect(rows.map(({ label }) => label).sort()).toEqual(
        [`http://${LISTED}:${fixture.port}/bad`, `http://sub.${LISTED}:${fixture.port}/bad`].sort(),
      );
      expect(
        rows.every(({ category, action, reason }) => `${category} ${action} ${reason}` === "phishing block certain"),
      ).toBe(true);
    }, SOON);
  });

  test("an allowlisted host opens, and closes again when it is taken off", async () => {
    await ask(own, "settings", { allowlist: [LISTED] });
    await page.click("#listed");
    await vi.waitFor(async () => expect(await text("h1")).toBe("Never seen"), SOON);
    await ask(own, "settings", { allowlist: [] });
    const before = toListed().length;
    await page.goto(`${fixture.origin}/links`);
    await page.click("#listed");
    await blockedPage();
    expect(toListed()).toHaveLength(before);
  });

  test("a tab that was opened for a listed host closes with Go back", async () => {
    await page.$eval("#listed", (link) => link.setAttribute("target", "_blank"));
    await page.click("#listed");
    const opened = await vi.waitUntil(() => findPage("blocked/index.html"), SOON);
    await opened.waitForSelector("#go-back", { timeout: 15_000 });
    await opened.click("#go-back");
    await vi.waitFor(async () => expect(await findPage("blocked/index.html")).toBeUndefined(), SOON);
  });
});

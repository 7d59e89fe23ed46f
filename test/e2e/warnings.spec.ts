import type { CDPSession, Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import { type Fixture, KINDS, OPTIONS_PAGE, openGuarded, serveFixture, verdicts } from "./harness.ts";

/** A squat of PayPal that no list holds; here it means this machine. */
const SQUAT = "paypall.com";
const HONEST = "flowers-of-the-village.com";
const COLLECTOR = "collector-of-secrets.com";
const SOON = { timeout: 15_000, interval: 50 };

const form = (action: string) =>
  `<form method="post" action="${action}"><input name="user"><input type="password" name="pass"><button>Log in</button></form>`;

describe.each(KINDS)("warnings in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let own: Page;
  let page: Page;
  const at = (host: string, path: string) => `http://${host}:${fixture.port}${path}`;

  beforeAll(async () => {
    const pages: Record<string, string> = {
      "/start": "<title>Start</title><h1>Start</h1>",
      "/shop": "<title>Shop</title><h1>A shop</h1>",
      "/login": `<title>Village flowers: log in</title><h1>Log in</h1>${form("/session")}`,
    };
    fixture = await serveFixture(pages);
    pages["/imitation"] = `<title>PayPal: Log in</title><h1>PayPal</h1>${form(at(COLLECTOR, "/take"))}`;
    pages["/links"] = `<title>links</title><h1>Links</h1><a id="bad" href="${at(SQUAT, "/shop")}">PayPal</a>
      <a id="good" href="${at(HONEST, "/shop")}">flowers</a>`;
    guarded = await openGuarded(kind, { localHosts: [SQUAT, HONEST, COLLECTOR] });
    own = await guarded.openOwnPage(OPTIONS_PAGE);
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
  });
  beforeEach(async () => {
    page = await guarded.newPage();
    await page.goto(`${fixture.origin}/start`);
  });
  afterEach(() => page.close().catch(() => {}));

  const open = (url: string) => page.evaluate((address) => location.assign(address), url);
  const heading = () => page.$eval("h1", (h1) => h1.textContent ?? "").catch(() => "");
  /** The page itself can see no more of the bar than an element with nothing in it. */
  const barIsThere = () =>
    page.evaluate(() => [...document.documentElement.children].some(({ tagName }) => tagName === "DIV"));
  const warned = async () => {
    await vi.waitFor(async () => expect([await heading(), await barIsThere()]).toEqual(["A shop", true]), SOON);
  };

  /** Tab from the top of the page: the bar's buttons are the last that the keyboard comes to, Leave before Hide. */
  const press = async (button: "Leave" | "Hide") => {
    await page.bringToFront();
    await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    if (button === "Leave") await page.keyboard.press("Tab");
    await page.keyboard.up("Shift");
    await page.keyboard.press("Enter");
  };

  test("a squat is warned of, and stays open: which address, whom it imitates, and why", async () => {
    await open(at(SQUAT, "/shop"));
    await warned();
    expect(await page.evaluate(() => document.documentElement.lastElementChild?.shadowRoot)).toBeNull();
    if (kind === "chromium") {
      const said = await textInside(await page.createCDPSession());
      for (const word of [SQUAT, "PayPal", "Phishing", "Leave", "Hide"]) expect(said).toContain(word);
    }
    const [row] = (await verdicts(own)).filter(({ action, label }) => action === "warn" && label.includes(SQUAT));
    expect(row?.evidence).toContainEqual(expect.objectContaining({ kind: "target", name: "PayPal" }));
  });

  test("Hide takes the bar away, the page stays", async () => {
    await open(at(SQUAT, "/shop"));
    await warned();
    await press("Hide");
    await vi.waitFor(async () => expect(await barIsThere()).toBe(false), SOON);
    expect(await heading()).toBe("A shop");
  });

  test("Leave leads back", async () => {
    await open(at(SQUAT, "/shop"));
    await warned();
    await press("Leave");
    await vi.waitFor(async () => expect(await heading()).toBe("Start"), SOON);
  });

  test("a page that calls itself by the brand and sends a password elsewhere is blocked", async () => {
    await open(at(SQUAT, "/imitation"));
    await vi.waitFor(async () => {
      expect(await page.$eval("#host", (host) => host.textContent)).toBe(SQUAT);
      const said = await page.$eval("main", (main) => main.textContent ?? "");
      for (const word of ["PayPal", COLLECTOR]) expect(said).toContain(word);
    }, SOON);
    expect(fixture.requests.filter(({ host }) => host.startsWith(COLLECTOR))).toEqual([]);
  });

  test("an ordinary page to log in stays silent", async () => {
    const arrivals = (await verdicts(own)).length;
    await open(at(HONEST, "/login"));
    await vi.waitFor(async () => expect(await heading()).toBe("Log in"), SOON);
    // What comes after it has been judged too by then.
    await open(at(SQUAT, "/shop"));
    await warned();
    const since = (await verdicts(own)).slice(arrivals).map(({ label }) => label);
    expect(since.filter((label) => label.includes(HONEST))).toEqual([]);
  });

  test("a link to a squat is marked with whom it imitates, an honest one is not", async () => {
    await open(`${fixture.origin}/links`);
    await vi.waitFor(async () => {
      const marks = await page.$$eval("a", (links) =>
        links.map((link) => [link.id, link.dataset.wardlightLink ?? "", link.title]),
      );
      expect(marks).toEqual([
        ["bad", "warn", expect.stringMatching(/paypall\.com.*PayPal/)],
        ["good", "", ""],
      ]);
    }, SOON);
  });
});

/** All text of a document, closed shadow roots included, as only the debugger can see it. */
async function textInside(session: CDPSession): Promise<string> {
  const { root } = await session.send("DOM.getDocument", { depth: -1, pierce: true });
  type Node = typeof root;
  const read = (node: Node): string =>
    [node.nodeValue, ...[...(node.children ?? []), ...(node.shadowRoots ?? [])].map(read)].join(" ");
  return read(root);
}

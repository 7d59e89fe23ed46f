import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import { ROOT } from "../../scripts/setup.mjs";
import { parseHosts } from "../../src/core/url/blocklist.ts";
import {
  ask,
  blockedFor,
  type Fixture,
  KINDS,
  OPTIONS_PAGE,
  openGuarded,
  serveFixture,
  tabIdOf,
  verdicts,
} from "./harness.ts";

/** Real entries of a shipped list (.com: browsers open some other endings by https alone); here they mean this machine. */
const [LISTED, SECOND] = parseHosts(readFileSync(`${ROOT}public/lists/phishing.txt`, "utf8")).filter((host) =>
  /^[a-z-]+\.com$/.test(host),
) as [string, string];
/** In a list of the user's own: a host, and one page on a host that is good otherwise. */
const OWN = "own-listed-host.com";
const SHARED = "shared-host-of-many.com";
const HOSTS = [LISTED, `www.${LISTED}`, `sub.${LISTED}`, SECOND, OWN, SHARED];
const SOON = { timeout: 15_000, interval: 50 };
/** The file of a list; browsers pass bytes between an extension's pages, puppeteer only text. */
const LIST = `${OWN}\nhttp://${SHARED}/bad\n`;

describe.each(KINDS)("the blocked page in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let own: Page;
  let page: Page;

  beforeAll(async () => {
    const pages: Record<string, string> = { "/": "<h1>Start</h1>", "/bad": "<h1>Bad</h1>", "/good": "<h1>Good</h1>" };
    fixture = await serveFixture(pages);
    const at = (host: string, path = "/bad") => `http://${host}:${fixture.port}${path}`;
    pages["/list.txt"] = LIST;
    pages["/links"] = `<title>links</title><h1>Links</h1>
      <a id="listed" href="${at(LISTED, "/bad?secret=1#part")}">a link</a>
      <a id="blank" target="_blank" href="${at(LISTED)}">a new tab</a>
      <a id="redirect" href="/to?${at(`sub.${LISTED}`)}">a detour</a>
      <a id="good" href="${at(SHARED, "/good")}">a good link</a>
      <form id="form" method="post" action="${at(LISTED)}"><button>send</button></form>`;
    pages["/frames"] =
      `<h1>Frames</h1><img src="${at(LISTED, "/flat/303030.png")}"><script src="${at(LISTED, "/x.js")}"></script>
      <iframe id="plain" width="300" height="150" src="${at(SECOND)}"></iframe>
      <iframe id="detour" width="300" height="150" src="/to?${at(SECOND, "/bad?2")}"></iframe>`;
    pages["/refresh"] = `<meta http-equiv="refresh" content="0;url=${at(LISTED)}">`;
    pages["/script"] = `<script>location.assign("${at(LISTED)}")</script>`;
    guarded = await openGuarded(kind, { localHosts: HOSTS });
    own = await guarded.openOwnPage(OPTIONS_PAGE);
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
  });
  beforeEach(async () => {
    page = await guarded.newPage();
    await page.goto(`${fixture.origin}/links`);
    fixture.requests.length = 0;
  });
  afterEach(() => page.close().catch(() => {}));

  const at = (host: string, path = "/bad") => `http://${host}:${fixture.port}${path}`;
  const toListed = () => fixture.requests.filter(({ host }) => !/^127\.|^shared/.test(host));
  const text = (selector: string, on = page) => on.$eval(selector, (element) => element.textContent ?? "");
  const blocked = async (host = LISTED, on = page) => {
    await blockedFor(on, host);
    await vi.waitFor(async () => expect(await text("#reason", on)).not.toBe(""), SOON);
  };
  const shows = (heading: string, on = page) =>
    vi.waitFor(async () => expect(await text("h1", on).catch(() => "")).toBe(heading), SOON);
  /** Waits for nothing: what comes is another page than the one asked for. */
  const go = (url: string, on = page) => on.evaluate((address) => location.assign(address), url);
  const open = async (on = page) => on.$eval("details", (details) => details.setAttribute("open", ""));
  const choose = async (id: string, on = page) => {
    await open(on);
    await on.waitForSelector(id, SOON);
    await on.$eval(id, (button) => (button as HTMLButtonElement).click());
  };
  /** Firefox keeps the address of our own pages from puppeteer's targets. */
  const findPage = async (part: string) => {
    for (const candidate of await guarded.browser.pages()) {
      const address = await candidate.evaluate(() => location.href).catch(() => "");
      if (address.includes(part)) return candidate;
    }
    return undefined;
  };
  const addOwnList = async () => {
    const { list, failure } = await ask(own, "addList", { category: "blocklisted", url: `${fixture.origin}/list.txt` });
    if (!list) throw new Error(JSON.stringify(failure));
    return list;
  };

  test("a link: what, why, which list, how sure; one row in the journal; and Go back goes back", async () => {
    const since = Date.now();
    await page.click("#listed");
    await blocked();
    expect(toListed()).toEqual([]);
    await vi.waitFor(async () => {
      expect((await verdicts(own)).filter(({ at }) => at >= since).map(({ label }) => label)).toEqual([at(LISTED)]);
    }, SOON);
    const facts = await text("dl");
    for (const fact of ["phishing", LISTED, "polkadot-js/phishing", `${LISTED}:${fixture.port}/bad`, "Certain"]) {
      expect(facts).toContain(fact);
    }
    expect(facts).not.toContain("secret");
    await page.click("#go-back");
    await shows("Links");
    expect(toListed()).toEqual([]);
  });

  test("a typed address", async () => {
    await page.goto(at(LISTED)).catch(() => undefined);
    await blocked();
    expect(toListed()).toEqual([]);
  });

  test.each([
    ["a subdomain", () => at(`www.${LISTED}`), `www.${LISTED}`],
    ["capitals", () => at(LISTED).replace(LISTED, LISTED.toUpperCase()), LISTED],
    ["a user before the host", () => at(LISTED).replace("http://", "http://good.example@"), LISTED],
    [
      "an escaped letter",
      () => at(LISTED).replace(LISTED, `%${LISTED.charCodeAt(0).toString(16)}${LISTED.slice(1)}`),
      LISTED,
    ],
  ])("%s in the address", async (_, address, host) => {
    await go(address());
    await blocked(host);
    expect(toListed()).toEqual([]);
  });

  test.each([
    ["a server's redirect", "/to", `sub.${LISTED}`],
    ["a page's refresh", "/refresh", LISTED],
    ["a script", "/script", LISTED],
  ])("%s", async (_, path, host) => {
    await go(path === "/to" ? `${fixture.origin}/to?${at(host)}` : `${fixture.origin}${path}`);
    await blocked(host);
    expect(toListed()).toEqual([]);
  });

  test("a form that is sent", async () => {
    // From a page of this very machine Firefox would ask first.
    await go(at(SHARED, "/links"));
    await page.waitForFunction(
      (host) => location.hostname === host && document.readyState === "complete",
      SOON,
      SHARED,
    );
    await page.$eval("#form", (form) => void setTimeout(() => (form as HTMLFormElement).submit()));
    await blocked();
    expect(toListed()).toEqual([]);
  });

  test("a tab that was opened for it closes with Go back", async () => {
    await page.click("#blank");
    const opened = await vi.waitUntil(() => findPage("blocked/index.html"), SOON);
    await blocked(LISTED, opened);
    await opened.click("#go-back");
    await vi.waitFor(async () => expect(await findPage("blocked/index.html")).toBeUndefined(), SOON);
    expect(toListed()).toEqual([]);
  });

  test("Back leads away, Forward leads here again", async () => {
    await page.click("#listed");
    await blocked();
    await page.click("#go-back");
    await shows("Links");
    await page.evaluate(() => history.forward());
    await blocked();
    expect(toListed()).toEqual([]);
  });

  test("the browser's own Back leads away too", async () => {
    await page.click("#listed");
    await blocked();
    await page.evaluate(() => history.back());
    await shows("Links");
    expect(toListed()).toEqual([]);
  });

  test("the keyboard alone is enough", async () => {
    await page.click("#listed");
    await blocked();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("go-back");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("SUMMARY");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("proceed");
    await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.up("Shift");
    await page.keyboard.press("Enter");
    await shows("Links");
  });

  test("pictures, scripts and frames of listed hosts stay out, and the page around says so", async () => {
    await page.goto(`${fixture.origin}/frames`);
    const notices = () =>
      page.$$eval("[data-wardlight-frame]", (hosts) => hosts.map((host) => host.getBoundingClientRect().width > 100));
    await vi.waitFor(async () => expect(await notices()).toEqual([true, true]), SOON);
    for (const id of ["#plain", "#detour"])
      expect(await page.$eval(id, (frame) => frame.getAttribute("title"))).toContain(SECOND);
    expect(toListed()).toEqual([]);
    expect(await text("h1")).toBe("Frames");
  });

  test("links are marked before they are clicked, with the reason, and good ones are not", async () => {
    const marks = () =>
      page.$$eval("a", (links) =>
        links.map((link) => [link.id, link.dataset.wardlightLink, link.ariaDescription] as const),
      );
    await vi.waitFor(async () => {
      const marked = (await marks()).filter(([, mark]) => mark);
      expect(marked.map(([id, mark]) => `${id} ${mark}`)).toEqual(["listed stop", "blank stop"]);
      expect(marked[0]?.[2]).toContain(LISTED);
    }, SOON);
  });

  test("Proceed once opens it in this tab alone", async () => {
    await page.click("#listed");
    await blocked();
    await choose("#proceed");
    await shows("Bad");
    await go(at(`sub.${LISTED}`, "/good"));
    await shows("Good");
    fixture.requests.length = 0;
    const other = await guarded.newPage();
    await go(at(LISTED), other);
    await blocked(LISTED, other);
    await other.close();
    expect(toListed()).toEqual([]);
    await vi.waitFor(async () => {
      expect((await verdicts(own)).some(({ reason, action }) => `${reason} ${action}` === "proceeded allow")).toBe(
        true,
      );
    }, SOON);
  });

  test("Always allow opens it everywhere, until it is taken back", async () => {
    await page.click("#listed");
    await blocked();
    await choose("#allow");
    await shows("Bad");
    await ask(own, "settings", { trustedAddresses: [] });
    fixture.requests.length = 0;
    await go(at(LISTED));
    await blocked();
    expect(toListed()).toEqual([]);
  });

  test("Report as wrong is a row in the journal, and nothing is sent", async () => {
    await page.click("#listed");
    await blocked();
    const before = fixture.requests.length;
    await choose("#dispute");
    await vi.waitFor(async () => expect(await text("#said")).not.toBe(""), SOON);
    expect((await verdicts(own)).filter(({ reason }) => reason === "disputed")).toMatchObject([
      { label: `http://${LISTED}:${fixture.port}/bad`, category: "phishing" },
    ]);
    expect(fixture.requests).toHaveLength(before);
  });

  test("where proceeding is not allowed, it says so and offers to cool off", async () => {
    await ask(own, "settings", { mayProceed: false });
    await page.click("#listed");
    await blocked();
    await open();
    expect(await page.$("#proceed")).toBeNull();
    expect(await page.$("#allow")).toBeNull();
    expect(await text("#forbidden")).not.toBe("");
    await choose("#cool");
    await vi.waitFor(async () => expect(await text("#cooling")).toMatch(/\d/), SOON);
    const tabId = await tabIdOf(own, guarded.address("src/extension/blocked/"));
    expect(await ask(own, "proceed", { url: at(LISTED), tabId })).toBe(false);
    expect(toListed()).toEqual([]);
    await ask(own, "settings", { mayProceed: true });
  });

  test("a pause opens it, and its end closes it again; a list that is off does not count", async () => {
    for (const [off, on] of [
      [{ pausedUntil: Date.now() + 3_600_000 }, { pausedUntil: null }],
      [{ offLists: ["phishing"] }, { offLists: [] }],
    ]) {
      await ask(own, "settings", off ?? {});
      await go(at(LISTED));
      await shows("Bad");
      await ask(own, "settings", on ?? {});
      fixture.requests.length = 0;
      await go(at(LISTED));
      await blocked();
      expect(toListed()).toEqual([]);
    }
  });

  test("a list of the user's own: its host and its single page, and nothing else of that host", async () => {
    const { id, hosts, pages } = await addOwnList();
    expect([hosts, pages]).toEqual([1, 1]);
    await go(at(OWN));
    await blocked(OWN);
    expect(toListed()).toEqual([]);
    // Its entry has no port: here it is the very address.
    await go(at(SHARED, "/good"));
    await shows("Good");
    await ask(own, "changeList", { id, isRemoved: true });
    await go(at(OWN));
    await shows("Bad");
    await ask(own, "changeList", { id, isRemoved: false });
    fixture.requests.length = 0;
    await go(at(OWN));
    await blocked(OWN);
    expect(toListed()).toEqual([]);
    await ask(own, "changeList", { id, isRemoved: true });
  });

  test("inside a page that changes its address itself, and after a redirect to a single page", async () => {
    const list = `http://${SHARED}:${fixture.port}/bad\n`;
    const { id } = await own.evaluate(async (content) => {
      const api = (globalThis as { browser?: typeof chrome }).browser ?? chrome;
      const request = { category: "blocklisted", name: "mine.txt", bytes: new TextEncoder().encode(content) };
      return (await api.runtime.sendMessage({ door: "console", kind: "addList", request })).list;
    }, list);
    await go(at(SHARED, "/good"));
    await shows("Good");
    await page.evaluate(() => history.pushState(null, "", "/bad"));
    await blocked(SHARED);
    await go(`${fixture.origin}/to?${at(SHARED)}`);
    await blocked(SHARED);
    expect(await text("dl")).toContain("mine.txt");
    await ask(own, "changeList", { id, isRemoved: true });
  });

  test("also when the background sleeps", async () => {
    await guarded.stopBackground();
    await go(at(LISTED));
    await blocked();
    expect(toListed()).toEqual([]);
  });

  test("each visit is told once in the journal, without query and fragment", async () => {
    const rows = (await verdicts(own)).filter(({ reason }) => reason === "certain");
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ label }) => /[?#]/.test(label))).toEqual([]);
    expect(new Set(rows.map(({ category }) => category))).toEqual(new Set(["phishing", "blocklisted"]));
  });
});

describe.each(KINDS)("the start of %s", (kind) => {
  let profile: string;
  let fixture: Fixture;
  let guarded: Guarded;

  const toListed = () => fixture.requests.filter(({ host }) => host.startsWith(LISTED));
  const visit = async (host: string) => {
    const page = await guarded.newPage();
    // In Firefox the driver may wait in vain for the end of a navigation that was turned aside.
    void page.goto(`http://${host}:${fixture.port}/bad`).catch(() => undefined);
    await blockedFor(page, host);
  };

  beforeAll(async () => {
    profile = await mkdtemp(join(tmpdir(), "wardlight-"));
    fixture = await serveFixture({ "/bad": "<h1>Bad</h1>", "/list.txt": LIST });
  });
  beforeEach(async () => {
    guarded = await openGuarded(kind, { profile, localHosts: HOSTS });
  });
  afterEach(() => guarded?.close());
  afterAll(async () => {
    await fixture?.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  test("the very first navigation after the installation is blocked: 0 requests", async () => {
    await visit(LISTED);
    expect(toListed()).toEqual([]);
    const own = await guarded.openOwnPage(OPTIONS_PAGE);
    const { failure } = await ask(own, "addList", { category: "adult", url: `${fixture.origin}/list.txt` });
    expect(failure).toBeUndefined();
  });

  test("the first navigations after a restart are blocked, 0 requests; a list of the user's own counts again too", async () => {
    await Promise.all([visit(LISTED), visit(OWN)]);
    // Browsers put the dynamic rules of an add-on that a test installs in place only a moment after their start.
    expect(toListed()).toEqual([]);
  });
});

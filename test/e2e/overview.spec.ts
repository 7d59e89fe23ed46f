import { readFileSync } from "node:fs";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Guarded, savedBy } from "../../scripts/browser.mjs";
import { ROOT } from "../../scripts/setup.mjs";
import type { Report } from "../../src/core/report/forensic.ts";
import { verifyReport } from "../../src/core/report/verify.ts";
import { parseHosts } from "../../src/core/url/blocklist.ts";
import {
  ask,
  blockedFor,
  type Fixture,
  journal,
  KINDS,
  OPTIONS_PAGE,
  openGuarded,
  serveFixture,
  tabIdOf,
} from "./harness.ts";

/** A real entry of a shipped list; here it means this machine. */
const [LISTED] = parseHosts(readFileSync(`${ROOT}public/lists/adult.txt`, "utf8")).filter((host) =>
  /^[a-z-]+\.com$/.test(host),
) as [string];
/** Of the class `social`. */
const SOCIAL = "imgur.com";
const LAW =
  "The court held that the statute of limitations barred the plaintiff's claim for breach of contract. The defendant " +
  "moved for summary judgment, arguing that the agreement lacked consideration and that the plaintiff had waived any " +
  "right to damages. On appeal, the judge reviewed whether the evidence was admissible under the hearsay rule and " +
  "whether the jury had been properly instructed on negligence. The prosecution bears the burden of proof in a trial.";
const SOON = { timeout: 20_000, interval: 50 };

describe.each(KINDS)("the overview in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let own: Page;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    fixture = await serveFixture({ "/": "<h1>Start</h1>", "/law": `<p>${LAW}</p>` });
    guarded = await openGuarded(kind, { localHosts: [LISTED, SOCIAL] });
    page = await guarded.newPage();
    own = await guarded.openOwnPage(OPTIONS_PAGE);
    own.on("pageerror", (error) => errors.push(String(error)));
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
  });

  const text = (selector: string, on = own) => on.$eval(selector, (element) => element.textContent ?? "");
  const press = async (selector: string, on = own) => {
    await on.waitForSelector(selector, SOON);
    await on.$eval(selector, (element) => (element as HTMLElement).click());
  };
  const firstNumber = () => text(".numbers strong");

  test("is what the options page opens with, and teaches while nothing is known", async () => {
    await own.waitForSelector(".empty li", SOON);
    expect(await text('nav [aria-current="page"]')).toBe("Overview");
    expect(await text(".empty")).toContain("no address");
  });

  test("a stopped address is offered help, once; who closes the way on tonight cannot go on", async () => {
    await ask(own, "wishes", { kinds: ["tonight"] });
    await page.bringToFront();
    await page.goto(fixture.origin);
    const address = `http://${LISTED}:${fixture.port}/`;
    await page.evaluate((url) => location.assign(url), address);
    await blockedFor(page, LISTED);
    await press("#close-tonight", page);
    await page.waitForSelector("#held", SOON);
    expect(await page.$("#proceed")).toBeNull();
    const tabId = await tabIdOf(own, await own.evaluate(() => location.origin));
    await ask(own, "wishes", { heldUntil: null });
    expect(await ask(own, "proceed", { url: address, tabId })).toBe(false);
    expect(fixture.requests.filter(({ host }) => host.startsWith(LISTED))).toEqual([]);
    expect(await ask(own, "offerHelp", null)).toBeNull();
  });

  test("then counts it, each event once, and says what was offered", async () => {
    await vi.waitFor(async () => {
      const { days, helps } = await ask(own, "overview", { since: 0 });
      expect(days.at(-1)).toMatchObject({ acted: 1, categories: { adult: 1 }, encounters: [{ hasAddress: true }] });
      expect(helps).toMatchObject([{ kind: "tonight", answer: "used" }]);
    }, SOON);
    await own.bringToFront();
    await own.reload({ waitUntil: [] });
    await own.waitForSelector('[data-testid="risk"]', SOON);
    expect(await firstNumber()).toBe("1");
  });

  test("a kind of site whose time of today is used up is stopped, and says so", async () => {
    const url = `http://${SOCIAL}:${fixture.port}/`;
    await ask(own, "wishes", { budgets: { social: 1_440 } });
    expect(await ask(own, "explainBlock", { url })).toMatchObject({ isStopped: false });
    await ask(own, "wishes", { budgets: { social: 30 } });
    await own.evaluate(spendAnHour);
    await guarded.stopBackground();
    await vi.waitFor(
      async () =>
        expect((await ask(own, "overview", { since: 0 })).days.at(-1)?.activeByClass.social).toBeGreaterThanOrEqual(
          3_600_000,
        ),
      SOON,
    );
    await page.evaluate((address) => location.assign(address), url);
    await blockedFor(page, SOCIAL);
    await vi.waitFor(async () => expect(await text("#reason", page)).toContain("Social networks"), SOON);
    await ask(own, "wishes", { budgets: {} });
    expect(await ask(own, "explainBlock", { url })).toMatchObject({ isStopped: false });
  });

  test("hours that close pages by what they are about close such a page, say why, and open it again", async () => {
    const url = `${fixture.origin}/law`;
    await own.evaluate(() => {
      location.hash = "#/protection";
    });
    await own.waitForSelector(".new-rule select", SOON);
    await own.select(".new-rule select", "closes");
    await press('.new-rule input[value="topic/law"]');
    for (const field of await own.$$('.new-rule input[type="time"]')) await field.evaluate(setToMidnight);
    await press('[data-testid="add-rule"]');
    const closing = { days: [0, 1, 2, 3, 4, 5, 6], from: 0, to: 0, closes: ["topic/law"] };
    await vi.waitFor(async () => expect((await ask(own, "settings", {})).schedule).toEqual([closing]), SOON);
    await page.evaluate((address) => location.assign(address), url);
    await blockedFor(page, "127.0.0.1");
    await vi.waitFor(async () => expect(await text("#reason", page)).toContain("Law"), SOON);
    const isStopped = async (path: string) =>
      (await ask(own, "explainBlock", { url: `${fixture.origin}/${path}` })).isStopped;
    expect([await isStopped("law"), await isStopped("law#part"), await isStopped("")]).toEqual([true, true, false]);
    const events = (await journal(own)).filter((event) => event.kind === "verdict" && event.label === url);
    expect(events).toMatchObject([{ action: "block", evidence: [{ detector: "url/hours", name: "topic/law" }] }]);
    await press('[data-testid="schedule-rule"] button');
    await vi.waitFor(async () => expect(await isStopped("law")).toBe(false), SOON);
    await own.evaluate(() => {
      location.hash = "#/overview";
    });
  });

  test("an invented year fills it, says that it is nobody's, and leaves without a trace", async () => {
    const real = await ask(own, "overview", { since: 0 });
    await own.evaluate(() => {
      location.hash = "#/about";
    });
    await press('[data-testid="load-invented"]');
    await own.waitForSelector('[data-testid="invented"]', SOON);
    await own.waitForSelector(".heat rect", SOON);
    expect(await own.$$eval(".weeks .bar", ({ length }) => length)).toBe(26);
    const points = await own.$$eval(".reasons .points", (cells) =>
      cells.map((cell) => Number(cell.textContent?.replace("−", "-"))),
    );
    const sum = points.slice(0, -1).reduce((total, value) => total + value, 0);
    expect(sum).toBe(points.at(-1));
    // What is drawn is also written, for who does not see it.
    expect(await own.$$eval("svg[role=img]", (charts) => charts.every((chart) => chart.ariaLabel))).toBe(true);
    expect(await own.$$eval(".as-table tbody tr", ({ length }) => length)).toBeGreaterThan(26);
    // The journal and its reports are filled too, and hold.
    await own.evaluate(() => {
      location.hash = "#/journal";
    });
    await own.waitForSelector('[data-testid="event"]', SOON);
    expect(await own.$$('[data-testid="invented"]')).toHaveLength(1);
    await own.evaluate(() => {
      location.hash = "#/reports";
    });
    await press('input[name="range"][value="year"]');
    const report: Report = JSON.parse(await savedBy(own, '[data-testid="save-json"]'));
    expect(await verifyReport(report, crypto.subtle)).toMatchObject({ isWhole: true });
    expect(report.events.length).toBeGreaterThan(1_000);
    expect(report.gaps.length).toBeGreaterThan(100);
    expect(await journal(own)).not.toContainEqual(expect.objectContaining({ id: expect.stringMatching(/^invented/) }));
    await press('[data-testid="erase-invented"]');
    await own.evaluate(() => {
      location.hash = "#/overview";
    });
    await vi.waitFor(async () => expect(await firstNumber()).toBe("1"), SOON);
    expect(await ask(own, "overview", { since: 0 })).toEqual(real);
  });

  test("three breaths end by themselves, and are kept as taken up", async () => {
    await ask(own, "erase", null);
    await ask(own, "wishes", { kinds: ["breath"] });
    // Who looks at another tab does not breathe: animations rest there.
    page = await guarded.newPage();
    await page.goto(fixture.origin);
    await page.evaluate((url) => location.assign(url), `http://${LISTED}:${fixture.port}/again`);
    await page.waitForSelector("#breathe", SOON);
    await page.addStyleTag({ content: ".breath { animation-duration: 20ms !important; }" });
    await press("#breathe", page);
    await vi.waitFor(async () => {
      const { helps } = await ask(own, "overview", { since: 0 });
      expect(helps).toMatchObject([{ kind: "breath", answer: "used" }]);
    }, SOON);
    expect(await text('[data-testid="offer"]', page)).toContain("you chose it");
  });

  test("wishes that are not sound are refused; erasing the journal erases the counts", async () => {
    const wrong = ask(own, "wishes", { ally: { name: "Sam", contact: "javascript:alert(1)" } });
    await expect(wrong).rejects.toThrow("nothing was changed");
    await ask(own, "erase", null);
    expect(await ask(own, "overview", { since: 0 })).toEqual({ days: [], helps: [] });
    expect(errors).toEqual([]);
  });
});

function setToMidnight(field: Element): void {
  (field as HTMLInputElement).value = "00:00";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** In the page: an hour on social networks today, as an earlier version left it, which the next background takes over. */
async function spendAnHour(): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open("analytics", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("days", { keyPath: "day" });
      request.result.createObjectStore("helps", { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
  });
  const hours = Array<number>(24).fill(0);
  const now = new Date();
  const day = Math.floor((now.getTime() - 60_000 * now.getTimezoneOffset()) / 86_400_000);
  const counts = { judged: 0, acted: 0, categories: {}, classes: {}, actedByHour: hours, activeByHour: hours };
  const row = { day, ...counts, activeByClass: { social: 3_600_000 }, encounters: [], sessions: [] };
  const writing = db.transaction("days", "readwrite");
  writing.objectStore("days").put(row);
  await new Promise<void>((resolve) => {
    writing.oncomplete = () => resolve();
  });
  db.close();
}

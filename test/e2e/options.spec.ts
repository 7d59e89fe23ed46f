import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Guarded, savedBy } from "../../scripts/browser.mjs";
import { verifyReport } from "../../src/core/report/verify.ts";
import {
  ask,
  colours,
  type Fixture,
  journal,
  KINDS,
  marks,
  OPTIONS_PAGE,
  openGuarded,
  serveFixture,
  verdicts,
} from "./harness.ts";

const COLOURS = colours(3);
const PAGES = { "/": COLOURS.map((colour) => `<img src="/flat/${colour}.png">`).join("") };
const SOON = { timeout: 20_000, interval: 100 };

describe.each(KINDS)("the options page in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let own: Page;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    fixture = await serveFixture(PAGES);
    guarded = await openGuarded(kind);
    page = await guarded.newPage();
    await page.goto(fixture.origin);
    own = await guarded.openOwnPage(`${OPTIONS_PAGE}#/journal`);
    own.on("pageerror", (error) => errors.push(String(error)));
    await vi.waitFor(async () => expect(await verdicts(own)).toHaveLength(3), SOON);
    await own.reload({ waitUntil: [] });
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
  });

  const rows = () =>
    own.$$eval('[data-testid="event"]', (found) => found.map((row) => row.getAttribute("data-action")));

  test("lists what was judged, newest first, and throws nothing", async () => {
    await vi.waitFor(async () => expect(await rows()).toEqual(["allow", "allow", "allow"]), SOON);
    expect(await own.$eval("main", (main) => main.textContent)).toContain("127.0.0.1");
    expect(errors).toEqual([]);
  });

  test("the report carries the same events as JSON and as a page of its own", async () => {
    await own.evaluate(() => {
      location.hash = "#/reports";
    });
    const json = JSON.parse(await savedBy(own, '[data-testid="save-json"]'));
    expect(json.events).toHaveLength(3);
    expect(await verifyReport(json, crypto.subtle)).toMatchObject({ isWhole: true, begins: "mark", events: 3 });
    const html = await savedBy(own, '[data-testid="save-html"]');
    for (const colour of COLOURS) expect(html).toContain(`/flat/${colour}.png`);
    expect(html).not.toMatch(/<script|src=|https?:\/\/(?!127)/);
  });

  test("while paused everything is let through unjudged, and afterwards the guard is back", async () => {
    await ask(own, "settings", { pausedUntil: Date.now() + 3_600_000 });
    await page.bringToFront();
    await page.reload();
    await vi.waitFor(async () => expect(await marks(page)).toEqual(Array(3).fill("shown")), SOON);
    await vi.waitFor(async () => {
      const [newest] = await verdicts(own);
      expect(newest).toMatchObject({ action: "allow", reason: "paused", evidence: [] });
    }, SOON);
    await ask(own, "settings", { pausedUntil: null });
    await page.reload();
    await vi.waitFor(async () => {
      const [newest] = await verdicts(own);
      expect(newest).toMatchObject({ action: "allow", reason: "judged" });
    }, SOON);
  });

  test("a setting that is not valid is refused with its reason and changes nothing", async () => {
    const before = (await ask(own, "status", null)).settings;
    const change = { allowlist: ["https://not a host/"] };
    await expect(ask(own, "settings", change)).rejects.toThrow('The setting "allowlist" is not valid');
    expect((await ask(own, "status", null)).settings).toEqual(before);
  });

  test("erasing empties the journal", async () => {
    const { events, left } = await ask(own, "erase", null);
    expect(events).toBeGreaterThan(0);
    expect(left).toEqual({ entries: 1, ids: 0, dataKeys: 1, rows: 0, plain: 0 });
    expect((await ask(own, "status", null)).events).toBe(0);
  });

  // The journal is empty by now.
  describe("its section “Test my protection”", () => {
    beforeAll(async () => {
      own = await guarded.openOwnPage(`${OPTIONS_PAGE}#/test`);
      await own.waitForSelector("#run-test");
    });

    const looks = () =>
      own.$$eval("figure img", (images) => images.map((image) => image.getAttribute("data-wardlight")));
    const outcome = () => own.$eval("[data-outcome]", (element) => element.getAttribute("data-outcome"));
    const run = async (wanted: string) => {
      await own.click("#run-test");
      await vi.waitFor(async () => expect(await outcome()).toBe(wanted), SOON);
    };

    test("both pictures are unseen until they were judged, and nothing of the page is hidden besides", async () => {
      expect(await looks()).toEqual([null, null]);
      expect(await own.$eval("figure img", (image) => getComputedStyle(image).opacity)).toBe("0");
      expect(await marks(own)).toEqual(["shown", null, null]);
    });

    test("the card is withheld, the control shown, and the journal knows nothing of it", async () => {
      await ask(own, "settings", { level: "strict" });
      await run("passed");
      expect((await looks())[0]).toMatch(/blur|hide/);
      expect((await looks())[1]).toBe("shown");
      const { card, control } = await ask(own, "test", null);
      expect(card.verdict).toMatchObject({ category: "sexual" });
      expect(card.verdict.score).toBeGreaterThan(control.verdict.score);
      expect(await journal(own)).toEqual([]);
    });

    test("says so when protection is paused", async () => {
      await ask(own, "settings", { pausedUntil: Date.now() + 3_600_000 });
      await run("paused");
      expect(await looks()).toEqual(["shown", "shown"]);
      await ask(own, "settings", { pausedUntil: null });
    });
  });
});

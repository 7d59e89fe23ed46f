import type { CDPSession, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import en from "../../public/_locales/en/messages.json" with { type: "json" };
import { type Guarded, savedBy } from "../../scripts/browser.mjs";
import { verifyReport } from "../../src/core/report/verify.ts";
import { ask, colours, type Fixture, journal, marks, OPTIONS_PAGE, openGuarded, serveFixture } from "./harness.ts";

const [FIRST, ...LATER] = colours(4);
const PAGES = {
  "/before": `<img src="/flat/${FIRST}.png">`,
  "/full": `${LATER.map((colour) => `<img src="/flat/${colour}.png">`).join("")}<img src="/test-card.jpg">`,
};
const SOON = { timeout: 30_000, interval: 100 };

/** Chromium alone lets a test fill an origin's share of the disk. */
describe("a disk that is full, in Chromium", () => {
  let guarded: Guarded;
  let fixture: Fixture;
  let own: Page;
  let page: Page;
  let session: CDPSession;

  beforeAll(async () => {
    fixture = await serveFixture(PAGES);
    guarded = await openGuarded("chromium");
    own = await guarded.openOwnPage(`${OPTIONS_PAGE}#/journal`);
    page = await guarded.newPage();
    session = await own.createCDPSession();
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
  });

  /** Undefined gives the origin its own share back. */
  const limit = (quotaSize?: number) =>
    session.send("Storage.overrideQuotaForOrigin", {
      origin: guarded.address("").replace(/\/$/, ""),
      ...(quotaSize === undefined ? {} : { quotaSize }),
    });
  const pictures = async () =>
    (await journal(own)).filter((event) => event.kind === "verdict" && event.subject === "image");
  const failing = () =>
    own.$$eval("main", ([main], words) => main?.textContent?.includes(words), en.journal_failing.message);

  test("takes no protection away, is told of, and loses nothing that was acknowledged or is judged meanwhile", async () => {
    await page.goto(`${fixture.origin}/before`);
    await vi.waitFor(async () => expect(await pictures()).toHaveLength(1), SOON);
    const acknowledged = await journal(own);

    await limit(1);
    await page.goto(`${fixture.origin}/full`);
    await vi.waitFor(async () => expect(await marks(page)).toEqual([...LATER.map(() => "shown"), "blur"]), SOON);
    await vi.waitFor(
      async () => expect((await ask(own, "status", null)).journalFailure).toContain("QuotaExceededError"),
      SOON,
    );
    await own.bringToFront();
    await own.reload({ waitUntil: [] });
    await vi.waitFor(async () => expect(await failing()).toBe(true), SOON);
    expect(await journal(own)).toEqual(acknowledged);

    await limit();
    await vi.waitFor(async () => expect(await pictures()).toHaveLength(1 + LATER.length + 1), SOON);
    expect((await ask(own, "status", null)).journalFailure).toBeUndefined();
    const kept = await journal(own);
    for (const event of acknowledged) expect(kept).toContainEqual(event);
    await own.evaluate(() => {
      location.hash = "#/reports";
    });
    const report = JSON.parse(await savedBy(own, '[data-testid="save-json"]'));
    expect(await verifyReport(report, crypto.subtle)).toMatchObject({ isWhole: true });
  });
});

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
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

const COLOURS = colours(40);
const PAGES = {
  "/many": COLOURS.map((colour, i) => `<img src="/flat/${colour}.png?${i}&delay=${i * 50}">`).join(""),
  "/few": COLOURS.slice(0, 4)
    .map((colour) => `<img src="/flat/${colour}.png">`)
    .join(""),
  "/other": "<h1>Another page</h1>",
};
const SLOW = { timeout: 40_000, interval: 100 };

describe.each(KINDS)("life and death in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;

  beforeAll(async () => {
    fixture = await serveFixture(PAGES);
    guarded = await openGuarded(kind);
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
  });

  test("a background killed in the middle loses no acknowledged event, and the page is judged to its end", async () => {
    const own = await guarded.openOwnPage(OPTIONS_PAGE);
    const { bootId } = await ask(own, "status", null);
    const page = await guarded.newPage();
    await page.goto(`${fixture.origin}/many`, { waitUntil: "domcontentloaded" });
    await vi.waitFor(async () => expect((await verdicts(own)).length).toBeGreaterThan(3), SLOW);
    const acknowledged = await journal(own);
    expect(await marks(page)).toContain(null);

    await guarded.stopBackground();
    await vi.waitFor(async () => expect(new Set(await marks(page))).toEqual(new Set(["shown"])), SLOW);
    expect((await ask(own, "status", null)).bootId).not.toBe(bootId);
    const kept = new Set((await journal(own)).map(({ id }) => id));
    expect(acknowledged.filter(({ id }) => !kept.has(id))).toEqual([]);
    if (kind === "chromium") {
      // The judge outlives the service worker there, and sends until each event is acknowledged.
      await vi.waitFor(async () => expect(await verdicts(own)).toHaveLength(COLOURS.length), SLOW);
    }
  });

  test("a page that comes back from the back/forward cache is guarded as before", async () => {
    const page = await guarded.newPage();
    await page.goto(`${fixture.origin}/few`);
    await vi.waitFor(async () => expect(new Set(await marks(page))).toEqual(new Set(["shown"])), SLOW);
    await page.evaluate(() => {
      addEventListener("pageshow", ({ persisted }) => document.body.setAttribute("data-persisted", String(persisted)));
    });
    await page.goto(`${fixture.origin}/other`);
    await page.goBack({ waitUntil: [] });
    await page.waitForSelector('body[data-persisted="true"]', { timeout: 10_000 });
    await page.evaluate((colour) => {
      const image = new Image();
      image.src = `/flat/${colour}.png?late`;
      document.body.append(image);
    }, COLOURS[5]);
    await vi.waitFor(async () => expect(await marks(page)).toEqual(Array(5).fill("shown")), SLOW);
  });
});

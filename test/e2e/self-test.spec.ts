import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import { ask, journal, KINDS, marks, OPTIONS_PAGE, openGuarded } from "./harness.ts";

const SOON = { timeout: 30_000, interval: 100 };

describe.each(KINDS)("“Test my protection” in %s", (kind) => {
  let guarded: Guarded;
  let own: Page;

  beforeAll(async () => {
    guarded = await openGuarded(kind);
    own = await guarded.openOwnPage(`${OPTIONS_PAGE}#/test`);
    await own.waitForSelector("#run-test");
  });
  afterAll(() => guarded?.close());

  const looks = () => own.$$eval("figure img", (images) => images.map((image) => image.getAttribute("data-wardlight")));
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

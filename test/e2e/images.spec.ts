import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import {
  colours,
  coloursOnScreen,
  edgesOnScreen,
  type Fixture,
  KINDS,
  marks,
  OPTIONS_PAGE,
  openGuarded,
  serveFixture,
  verdicts,
} from "./harness.ts";

const COLOURS = colours(12);
const picture = (colour: string, rest = "") => `<img src="/flat/${colour}.png?${rest}">`;
const PAGES = {
  "/plain": COLOURS.map((colour) => picture(colour)).join(""),
  "/slow": COLOURS.map((colour, i) => picture(colour, `delay=${i * 40}`)).join(""),
  "/important": COLOURS.map((colour) => `<img style="opacity:1 !important" src="/flat/${colour}.png">`).join(""),
  "/forged": COLOURS.map((colour) => `<img data-wardlight="shown" src="/flat/${colour}.png">`).join(""),
  "/animated": `<style>img{animation:a 9s;transition:opacity 9s}@keyframes a{0%,to{opacity:1}}</style>${COLOURS.map((colour) => picture(colour)).join("")}`,
  "/picture": COLOURS.map(
    (colour) => `<picture><source srcset="/flat/${colour}.png 1x, /flat/${colour}.png?2 2x"><img></picture>`,
  ).join(""),
  "/script": `<script>for (const c of ${JSON.stringify(COLOURS)}) setTimeout(() => {
    const image = new Image(); image.src = "/flat/" + c + ".png"; document.body.append(image); }, 100)</script>`,
  "/swap": `<img id="swap" src="/flat/${COLOURS[0]}.png">`,
  "/broken": `<img src="/none.png" alt="a word"><img src="/flat/${COLOURS[0]}.png?size=16x16">`,
  "/card": '<img src="/test-card.jpg?delay=200" width="448" height="448">',
  "/cards": [
    '<a href="/elsewhere"><img src="/test-card.jpg" title="a card"></a>',
    '<img src="/test-card.jpg?scale=0.5&quality=50">',
    '<img src="/test-card.jpg?cut=30,20,400,410&scale=1.3&quality=75">',
    '<img src="/control.jpg">',
  ].join(""),
  "/frame": `<iframe srcdoc='${picture(COLOURS[0] as string)}'></iframe>`,
};

/**
 * Takes screenshots back to back until every picture is shown. A colour on the screen whose picture has no verdict even
 * after the shot was taken is a picture that was painted unjudged.
 */
async function watch(page: Page) {
  const unjudged = new Set<string>();
  let hiddenFrames = 0;
  for (;;) {
    const loaded = await page.evaluate(() => Array.from(document.images).some((image) => image.complete));
    const seen = await coloursOnScreen(page, COLOURS);
    const now = await marks(page);
    for (const [i, colour] of COLOURS.entries()) if (seen.has(colour) && now[i] !== "shown") unjudged.add(colour);
    if (loaded && now.includes(null)) hiddenFrames++;
    if (now.length === COLOURS.length && now.every((mark) => mark === "shown")) break;
  }
  return { unjudged: [...unjudged], hiddenFrames, seen: await coloursOnScreen(page, COLOURS) };
}

describe.each(KINDS)("pictures in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let page: Page;

  beforeAll(async () => {
    fixture = await serveFixture(PAGES);
    guarded = await openGuarded(kind);
    page = await guarded.newPage();
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
  });

  test("from a cold start nothing is painted before its verdict, and everything ordinary is revealed", async () => {
    await page.goto(`${fixture.origin}/slow`, { waitUntil: "domcontentloaded" });
    const { unjudged, hiddenFrames, seen } = await watch(page);
    expect(unjudged).toEqual([]);
    expect(hiddenFrames).toBeGreaterThan(0);
    expect([...seen]).toEqual(COLOURS);
  });

  test.each(["/plain", "/important", "/forged", "/animated", "/picture", "/script"])(
    "%s: nothing is painted before its verdict",
    async (path) => {
      await page.goto(fixture.origin + path, { waitUntil: "domcontentloaded" });
      const { unjudged, seen } = await watch(page);
      expect(unjudged).toEqual([]);
      expect([...seen]).toEqual(COLOURS);
    },
  );

  test("a picture whose address changes is hidden until it is judged anew", async () => {
    await page.goto(`${fixture.origin}/swap`);
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["shown"]), { timeout: 20_000 });
    const history = await page.evaluate(async (src) => {
      const image = document.images[0] as HTMLImageElement;
      const seen: (string | null)[] = [];
      const done = new Promise<void>((resolve) => {
        new MutationObserver(() => {
          const mark = image.getAttribute("data-wardlight");
          seen.push(mark);
          if (mark === "shown" && image.complete && image.currentSrc.endsWith(src)) resolve();
        }).observe(image, { attributes: true, attributeFilter: ["data-wardlight"] });
      });
      image.src = src;
      await done;
      return seen;
    }, `/flat/${COLOURS[1]}.png`);
    expect(history[0]).toBe(null);
    expect(history.at(-1)).toBe("shown");
  });

  test("the test card is blurred with its reason however it comes, its control is shown, and one click reveals", async () => {
    const own = await guarded.openOwnPage(OPTIONS_PAGE);
    await page.bringToFront();
    await page.goto(`${fixture.origin}/cards`, { waitUntil: "domcontentloaded" });
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["blur", "blur", "blur", "shown"]), {
      timeout: 20_000,
    });
    const look = () =>
      page.$eval("img", (image) => [image.ariaLabel ?? image.title, image.role, getComputedStyle(image).filter]);
    expect(await look()).toEqual([
      expect.stringContaining("Wardlight"),
      "button",
      expect.stringContaining("blur(28px)"),
    ]);
    await vi.waitFor(async () => {
      const cards = (await verdicts(own)).filter(({ label }) => label.endsWith("/test-card.jpg"));
      expect(cards).toHaveLength(3);
      expect(
        cards.every(({ category, action, models }) => `${category} ${action} ${models.length}` === "sexual blur 2"),
      ).toBe(true);
    });
    await page.click("img");
    expect((await marks(page))[0]).toBe("shown");
    expect(page.url()).toBe(`${fixture.origin}/cards`);
    expect(await look()).toEqual(["a card", null, "none"]);
  });

  test("the test card is never painted sharp before its verdict, nor after it until it is revealed", async () => {
    await page.goto(`${fixture.origin}/card`, { waitUntil: "domcontentloaded" });
    const before: number[] = [];
    while ((await marks(page))[0] !== "blur") before.push(await edgesOnScreen(page, "img"));
    expect(before.length).toBeGreaterThan(0);
    expect(Math.max(...before, await edgesOnScreen(page, "img"))).toBeLessThan(100);
    await page.click("img");
    expect(await edgesOnScreen(page, "img")).toBeGreaterThan(1_000);
  });

  test("what cannot be shown or is tiny is let through, and a frame without an address is guarded too", async () => {
    await page.goto(`${fixture.origin}/broken`);
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["shown", "shown"]), { timeout: 20_000 });
    await page.goto(`${fixture.origin}/frame`);
    const frame = await vi.waitUntil(() => page.frames().find((candidate) => candidate.parentFrame()));
    const mark = () => frame.evaluate(() => document.images[0]?.getAttribute("data-wardlight"));
    await vi.waitFor(async () => expect(await mark()).toBe("shown"), { timeout: 20_000 });
  });
});

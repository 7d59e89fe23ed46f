import type { Frame, Page } from "puppeteer-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import {
  ask,
  coloursOnScreen,
  edgesAt,
  edgesOnScreen,
  type Fixture,
  KINDS,
  marks,
  OPTIONS_PAGE,
  openGuarded,
  serveFixture,
  verdicts,
} from "./harness.ts";

const SOON = { timeout: 20_000, interval: 50 };
const CARD = '<img src="/test-card.jpg" width="448" height="448">';
const PAGES = {
  "/card": `<a href="#clicked">${CARD}</a><p>below</p>`,
  "/strict": `<meta http-equiv="content-security-policy" content="default-src 'self'">${CARD}<p>below</p>`,
  "/twice": CARD + CARD,
  "/half": '<body style="margin:0"><img src="/test-card.jpg?cut=0,0,448,224&below=224">',
  "/behind": `<div id="hero" style="width:448px;height:300px;background:url(/test-card.jpg)">
    <h2>Words</h2><a href="#one">One</a> <a href="#two">Two</a></div>`,
  "/plugged":
    '<object data="/test-card.jpg" width="300" height="200"></object><embed src="/test-card.jpg" width="300" height="200">',
};

/** A blur has none, blocks have their borders, the sharp card has thousands. */
const EDGES = 500;

/** Share of neighbouring pixels in the middle of an element that are exactly alike, in a row. */
async function alike(page: Page, selector: string): Promise<number> {
  const box = await (await page.$(selector))?.boundingBox();
  if (!box) throw new Error(`${selector} is not on the page.`);
  const shot = await page.screenshot({ type: "png" });
  const middle = { left: Math.round(box.x) + 60, top: Math.round(box.y) + 60, width: 300, height: 300 };
  const { data, info } = await sharp(shot).extract(middle).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let count = 0;
  for (let i = 3; i < data.length; i += 3) if (data.compare(data, i - 3, i, i, i + 3) === 0) count++;
  return count / (info.width * info.height);
}

/** Whether the card with a reason is open. */
function isExplained(on: Page | Frame): Promise<boolean> {
  return on.evaluate(() => document.querySelector("html > div")?.matches(":popover-open") === true);
}

describe.each(KINDS)("covers in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let page: Page;
  let own: Page;

  beforeAll(async () => {
    fixture = await serveFixture(PAGES);
    guarded = await openGuarded(kind);
    own = await guarded.openOwnPage(OPTIONS_PAGE);
    page = await guarded.newPage();
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
  });

  async function open(
    path: string,
    cover: "blur" | "card" | "pixelate" | "remove",
    wanted: string[],
    isRegional = false,
  ) {
    await ask(own, "settings", { cover, isRegional });
    await page.bringToFront();
    // Away from every picture, whose explanation would open.
    await page.mouse.move(1_200, 800);
    await page.goto("about:blank");
    await page.goto(fixture.origin + path);
    await vi.waitFor(async () => expect(await marks(page)).toEqual(wanted), SOON);
  }

  test.each([
    ["blur", "blur"],
    ["card", "hide"],
    ["pixelate", "pixelate"],
    ["remove", "remove"],
  ] as const)("%s lets nothing be recognised and leaves the page its shape", async (cover, mark) => {
    await open("/card", cover, [mark]);
    const top = () => page.$eval("p", (element) => element.getBoundingClientRect().top);
    const before = await top();
    if (cover !== "card") expect(await edgesOnScreen(page, "img")).toBeLessThan(EDGES);
    expect(await alike(page, "img"))[cover === "blur" ? "toBeLessThan" : "toBeGreaterThan"](0.85);
    await page.click("img");
    const isThrough = cover === "remove";
    expect((await marks(page))[0]).toBe(isThrough ? mark : "shown");
    expect(page.url().endsWith("#clicked")).toBe(isThrough);
    expect(await top()).toBe(before);
    if (!isThrough) expect(await edgesOnScreen(page, "img")).toBeGreaterThan(1_000);
  });

  test("a page's policy against foreign content does not lay a pixelated picture bare", async () => {
    await open("/strict", "pixelate", ["pixelate"]);
    expect(await edgesOnScreen(page, "img")).toBeLessThan(EDGES);
  });

  test("pointing at a veiled picture explains it in a card that the page cannot read", async () => {
    await open("/card", "blur", ["blur"]);
    const state = () =>
      page.evaluate(() => {
        const host = document.documentElement.lastElementChild;
        const { left, top } = document.querySelector("img")?.getBoundingClientRect() ?? new DOMRect();
        const isOnTop = document.elementFromPoint(left + 40, top + 40) === host;
        return {
          isOpen: host?.matches("div:popover-open") === true && isOnTop,
          text: host?.textContent,
          root: host?.shadowRoot,
        };
      });
    await page.mouse.move(5, 600);
    await page.hover("img");
    await vi.waitFor(async () => expect(await state()).toEqual({ isOpen: true, text: "", root: null }), SOON);
    // A page's own clicks and keys are nobody's wish.
    await page.$eval("img", (image) => {
      image.click();
      image.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    });
    expect((await marks(page))[0]).toBe("blur");
    await page.mouse.move(700, 700);
    await vi.waitFor(async () => expect((await state()).isOpen).toBe(false), SOON);
  });

  test("a finger's first tap opens the card, its second one reveals", async () => {
    await open("/card", "card", ["hide"]);
    const tap = () => page.touchscreen.tap(300, 300);
    await tap();
    await vi.waitFor(async () => expect(await isExplained(page)).toBe(true), SOON);
    expect([(await marks(page))[0], page.url().endsWith("#clicked")]).toEqual(["hide", false]);
    await tap();
    await vi.waitFor(async () => expect((await marks(page))[0]).toBe("shown"), SOON);
    expect([await isExplained(page), page.url().endsWith("#clicked")]).toEqual([false, false]);
  });

  test("where the user wants that, only the region is missing that led to the verdict", async () => {
    await open("/half", "blur", ["part"], true);
    const [missing, kept] = [
      { left: 64, top: 64, width: 320, height: 160 },
      { left: 0, top: 0, width: 448, height: 48 },
    ];
    const edges = async () => edgesAt(page, [missing, kept]);
    expect((await edges())[0]).toBe(0);
    expect((await edges())[1]).toBeGreaterThan(50);
    await page.click("img");
    expect((await edges())[0]).toBeGreaterThan(50);
  });

  test("a picture behind other content is explained and can be shown, and what is before it works as ever", async () => {
    await open("/behind", "blur", []);
    const paint = () => page.$eval("#hero", (hero) => hero.getAttribute("data-wardlight-paint"));
    await vi.waitFor(async () => expect(await paint()).toBe("held"), SOON);
    const names = await page.$eval("#hero", (hero) => hero.getAttributeNames());
    expect(names.sort()).toEqual(["data-wardlight-paint", "id", "style"]);
    await page.hover("h2");
    await vi.waitFor(async () => expect(await isExplained(page)).toBe(true), SOON);
    await page.click("#hero", { offset: { x: 400, y: 280 } });
    await page.click("a");
    expect(page.url().endsWith("#one")).toBe(true);
    await page.keyboard.press("Escape");
    expect([await isExplained(page), await paint()]).toEqual([false, "held"]);
    // By keyboard its card comes with the first link and has one button: the next stop is the second link.
    await page.focus("body");
    await page.reload();
    await vi.waitFor(async () => expect(await paint()).toBe("held"), SOON);
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Two");
    await page.reload();
    await vi.waitFor(async () => expect(await paint()).toBe("held"), SOON);
    for (const key of ["Tab", "Tab", "Enter"] as const) await page.keyboard.press(key);
    await vi.waitFor(async () => expect(await paint()).toBe("shown"), SOON);
  });

  test("<object> and <embed> are covered and explained like other pictures, and one click reveals", async () => {
    await open("/plugged", "card", []);
    const hasCards = async () => (await coloursOnScreen(page, ["dadde4"])).size === 1;
    await vi.waitFor(async () => expect(await hasCards()).toBe(true), SOON);
    // In Firefox each is a frame, which has a guard and a card of its own.
    const isOpen = async () => (await Promise.all(page.frames().map(isExplained))).includes(true);
    for (const name of ["object", "embed"]) {
      await page.mouse.move(1_200, 800);
      await page.hover(name);
      await vi.waitFor(async () => expect(await isOpen()).toBe(true), SOON);
      await page.click(name, { offset: { x: 290, y: 190 } });
      await vi.waitFor(async () => expect(await edgesOnScreen(page, name)).toBeGreaterThan(EDGES), SOON);
    }
    expect(await hasCards()).toBe(false);
  });

  test("Tab leads through a picture's card and on; “Wrong” shows the picture everywhere on the page", async () => {
    await open("/twice", "blur", ["blur", "blur"]);
    await page.focus("body");
    for (let presses = 0; presses < 5; presses++) await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement === document.images[1])).toBe(true);
    for (const key of ["Tab", "Tab"] as const) await page.keyboard.press(key);
    await page.keyboard.press("Enter");
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["shown", "shown"]), SOON);
    // The word holds for the next visit too, until what is remembered is erased.
    await page.reload();
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["shown", "shown"]), SOON);
    await ask(own, "erase", null);
  });

  test("“Always on this site” trusts the site of the tab and shows what it hid", async () => {
    await open("/twice", "blur", ["blur", "blur"]);
    await page.focus("body");
    for (const key of ["Tab", "Tab", "Tab", "Tab"] as const) await page.keyboard.press(key);
    await page.keyboard.press("Enter");
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["shown", "shown"]), SOON);
    expect((await ask(own, "status", null)).settings.allowlist).toEqual(["127.0.0.1"]);
    await page.reload();
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["shown", "shown"]), SOON);
    await vi.waitFor(async () => expect((await verdicts(own))[0]).toMatchObject({ reason: "allowlisted" }), SOON);
    await ask(own, "settings", { allowlist: [], cover: "blur" });
  });

  test("the options page offers each cover with what it looks like, and remembers the choice", async () => {
    await own.bringToFront();
    await own.evaluate(() => {
      location.hash = "#/protection";
    });
    await vi.waitFor(async () => expect(await own.$$eval(".cover img", (all) => all.length)).toBe(4), SOON);
    await own.click('.cover:has([value="pixelate"])');
    await vi.waitFor(async () => {
      expect((await ask(own, "status", null)).settings).toMatchObject({ cover: "pixelate", isRegional: false });
    }, SOON);
    await own.click(".switch input");
    await vi.waitFor(async () => expect((await ask(own, "status", null)).settings.isRegional).toBe(true), SOON);
  });
});

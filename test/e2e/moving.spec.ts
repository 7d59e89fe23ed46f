import type { Page } from "puppeteer-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import { CARD, SCENES } from "../fixtures/moving/scenes.mjs";
import { colours, edgesOnScreen, type Fixture, KINDS, marks, openGuarded, serveFixture } from "./harness.ts";

const SOON = { timeout: 20_000, interval: 50 };
const FLAT = SCENES.filter((scene) => scene !== CARD);
const DRAWN = colours(3);
const video = (rest: string) => `<video muted width="320" height="320" ${rest}></video>`;
const canvas = (id: string, size = 160) => `<canvas id="${id}" width="${size}" height="${size}"></canvas>`;
/** Has every picture drawn by a page's script, once it is loaded. */
const draw = (src: string, job: string) =>
  `<script>{ const i = new Image(); i.onload = () => { ${job} }; i.src = "${src}"; }</script>`;

const pages = (elsewhere: string) => ({
  "/warm": '<img src="/test-card.jpg">',
  "/scenes": video('autoplay src="/scenes.webm"'),
  "/elsewhere": video(`autoplay src="${elsewhere}/scenes.webm"`),
  "/posters": [
    video(`preload="none" poster="/flat/e010d0.png?delay=150" src="/scenes.webm"`),
    video('preload="none" poster="/test-card.jpg" src="/scenes.webm"'),
    video('preload="none" poster="/none.png" src="/scenes.webm" controls'),
  ].join(""),
  "/swapped": `${video('src="/scenes.webm" preload="auto"')}`,
  "/canvas": [
    ["paper", "gl", "moved", "card"].map((id) => canvas(id)).join(""),
    canvas("tiny", 32),
    canvas("blank"),
    `<script>
      setTimeout(() => {
        const fill = (context, colour) => { context.fillStyle = "#" + colour; context.fillRect(0, 0, 160, 160); };
        fill(paper.getContext("2d"), "${DRAWN[0]}");
        const gl = document.getElementById("gl").getContext("webgl");
        const part = (at) => parseInt("${DRAWN[1]}".slice(at, at + 2), 16) / 255;
        requestAnimationFrame(() => { gl?.clearColor(part(0), part(2), part(4), 1); gl?.clear(gl.COLOR_BUFFER_BIT); });
        fill(moved.transferControlToOffscreen().getContext("2d"), "${DRAWN[2]}");
        fill(tiny.getContext("2d"), "${DRAWN[0]}");
      }, 100);
    </script>`,
    draw("/test-card.jpg", 'card.getContext("2d").drawImage(i, 0, 0, 160, 160)'),
  ].join(""),
  "/tainted": canvas("c") + draw(`${elsewhere}/control.jpg`, 'c.getContext("2d").drawImage(i, 0, 0, 160, 160)'),
  "/busy": `${canvas("c", 300)}<script>
      const context = c.getContext("2d");
      (function frame(at) {
        for (let i = 0; i < 6; i++) { context.fillStyle = "hsl(" + (at / 5 + 60 * i) + " 80% 50%)"; context.fillRect(50 * i, 0, 50, 300); }
        requestAnimationFrame(frame);
      })(0);
    </script>`,
  "/other": `${canvas("c", 300)}<script>
      const context = c.getContext("2d");
      const sky = context.createLinearGradient(0, 0, 300, 300);
      sky.addColorStop(0, "#f0a040");
      sky.addColorStop(1, "#603080");
      context.fillStyle = sky;
      context.fillRect(0, 0, 300, 300);
    </script>`,
});

/** How much of the screen has nearly this colour, in pixels: a video's codec is never exact. */
async function nearly(page: Page, wanted: readonly string[]): Promise<number[]> {
  const shot = await page.screenshot({ type: "png" });
  const { data, info } = await sharp(shot).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const targets = wanted.map((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)));
  const counts = wanted.map(() => 0);
  for (let i = 0; i < data.length; i += info.channels) {
    const isNear = (target: number[]) => target.every((value, c) => Math.abs(value - (data[i + c] ?? 0)) < 14);
    for (const [n, target] of targets.entries()) if (isNear(target)) counts[n] = (counts[n] ?? 0) + 1;
  }
  return counts;
}

const markOf = (page: Page, selector: string) => page.$eval(selector, (found) => found.getAttribute("data-wardlight"));
const marksOf = (page: Page, selector: string) =>
  page.$$eval(selector, (found) => found.map((element) => element.getAttribute("data-wardlight")));

/** Every mark that an element has had since, the first included. */
async function history(page: Page, selector: string): Promise<() => Promise<(string | null)[]>> {
  await page.evaluate((wanted) => {
    const element = document.querySelector(wanted) as HTMLElement & { had: (string | null)[] };
    const read = () => element.getAttribute("data-wardlight");
    element.had = [read()];
    new MutationObserver(() => element.had.push(read())).observe(element, { attributeFilter: ["data-wardlight"] });
  }, selector);
  return () => page.$eval(selector, (element) => (element as HTMLElement & { had: (string | null)[] }).had);
}

describe.each(KINDS)("what moves in %s", (kind) => {
  let guarded: Guarded;
  let elsewhere: Fixture;
  let fixture: Fixture;
  let page: Page;

  beforeAll(async () => {
    elsewhere = await serveFixture({});
    fixture = await serveFixture(pages(`http://localhost:${elsewhere.port}`));
    guarded = await openGuarded(kind);
    page = await guarded.newPage();
    await page.goto(`${fixture.origin}/warm`);
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["blur"]), SOON);
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
    await elsewhere?.close();
  });

  test("of a video nothing is painted before its first verdict, and every cut covers it until the next", async () => {
    await page.goto(`${fixture.origin}/scenes`, { waitUntil: "domcontentloaded" });
    const had = await history(page, "video");
    const unjudged: (string | null)[] = [];
    for (let isOver = false; !isOver; ) {
      const before = await markOf(page, "video");
      const seen = await nearly(page, FLAT);
      const after = await markOf(page, "video");
      // Between two equal marks of a covered video lies a frame of a covered video.
      if (before === after && after !== "shown" && after !== "blur" && seen.some((count) => count > 400)) {
        unjudged.push(after);
      }
      isOver = await page.$eval("video", ({ ended }) => ended);
    }
    expect(unjudged).toEqual([]);
    const seen = await had();
    expect(seen[0] === "wait" || seen[0] === null).toBe(true);
    expect(seen).toContain("blur");
    expect(seen.at(-1)).toBe("shown");
    const isVerdict = (mark: string | null | undefined) => mark === "shown" || mark === "blur";
    expect(seen.filter((mark, i) => isVerdict(mark) && isVerdict(seen[i - 1]))).toEqual([]);
  });

  test("a video of another site is judged where the browser lets us, and else says why and shows itself at a click", async () => {
    await page.goto(`${fixture.origin}/elsewhere`);
    if (kind === "firefox") {
      await vi.waitFor(async () => expect(await markOf(page, "video")).toBe("shown"), SOON);
      return;
    }
    await vi.waitFor(async () => expect(await markOf(page, "video")).toBe("hide"), SOON);
    expect(await page.$eval("video", ({ ariaLabel }) => ariaLabel)).toContain("lets no extension read it");
    await page.$eval("video", (element) => element.click());
    expect(await markOf(page, "video")).toBe("hide");
    await page.click("video");
    expect(await markOf(page, "video")).toBe("shown");
  });

  test("a poster is judged before it is shown; one that does not load hides nothing", async () => {
    await page.goto(`${fixture.origin}/posters`, { waitUntil: "domcontentloaded" });
    const colour = "#e010d0";
    for (let mark: string | null = null; mark !== "shown"; mark = await markOf(page, "video")) {
      const [count = 0] = await nearly(page, [colour]);
      if ((await markOf(page, "video")) !== "shown") expect(count).toBe(0);
    }
    expect((await nearly(page, [colour]))[0]).toBeGreaterThan(10_000);
    await vi.waitFor(async () => expect(await marksOf(page, "video")).toEqual(["shown", "blur", "wait"]), SOON);
  });

  test("another source in the same video is another video", async () => {
    await page.goto(`${fixture.origin}/swapped`);
    await vi.waitFor(async () => expect(await markOf(page, "video")).toBe("shown"), SOON);
    const had = await history(page, "video");
    await page.$eval("video", (element) => {
      element.src = "/scenes.webm?again";
    });
    await vi.waitFor(async () => expect((await had()).slice(0, 3)).toEqual(["shown", "wait", "shown"]), SOON);
  });

  test("what is drawn on a canvas is judged before it is seen, whatever draws it", async () => {
    await page.goto(`${fixture.origin}/canvas`, { waitUntil: "domcontentloaded" });
    const ids = ["#paper", "#gl", "#moved"];
    const painted = DRAWN.map((colour) => `#${colour}`);
    const unjudged = new Set<string>();
    for (let isOver = false; !isOver; ) {
      const seen = await nearly(page, painted);
      const now = await Promise.all(ids.map((id) => markOf(page, id)));
      for (const [i, id] of ids.entries()) if ((seen[i] ?? 0) > 2_000 && now[i] !== "shown") unjudged.add(id);
      isOver = now.every((mark) => mark === "shown") && (await markOf(page, "#card")) !== null;
    }
    expect([...unjudged]).toEqual([]);
    expect(await markOf(page, "#card")).toBe("blur");
    expect(await edgesOnScreen(page, "#card")).toBeLessThan(100);
    await vi.waitFor(async () => {
      expect(await Promise.all(["#tiny", "#blank"].map((id) => markOf(page, id)))).toEqual(["shown", "shown"]);
    }, SOON);
  });

  test("what no browser lets us read of a canvas stays hidden until a click", async () => {
    await page.goto(`${fixture.origin}/tainted`);
    await vi.waitFor(async () => expect(await markOf(page, "canvas")).toBe("hide"), SOON);
    await page.$eval("canvas", (canvas) => canvas.setAttribute("data-wardlight", "shown"));
    await vi.waitFor(async () => expect(await markOf(page, "canvas"), "a forged mark").toBe("hide"), SOON);
    await page.click("canvas");
    expect(await markOf(page, "canvas")).toBe("shown");
  });

  test("a canvas that a page redraws all the time is not covered again", async () => {
    await page.goto(`${fixture.origin}/busy`);
    await vi.waitFor(async () => expect(await markOf(page, "canvas")).toBe("shown"), SOON);
    const had = await history(page, "canvas");
    await page.evaluate(async () => {
      for (let frame = 0; frame < 90; frame++) await new Promise(requestAnimationFrame);
    });
    expect(await had()).toEqual(["shown"]);
  });

  test("a calm canvas that shows another picture is judged anew", async () => {
    await page.goto(`${fixture.origin}/other`);
    await vi.waitFor(async () => expect(await markOf(page, "canvas")).toBe("shown"), SOON);
    await page.evaluate(async () => {
      const image = new Image();
      image.src = "/test-card.jpg";
      await image.decode();
      document.querySelector("canvas")?.getContext("2d")?.drawImage(image, 0, 0, 300, 300);
    });
    await vi.waitFor(async () => expect(await markOf(page, "canvas")).toBe("blur"), SOON);
    await page.click("canvas");
    expect(await markOf(page, "canvas")).toBe("shown");
  });
});

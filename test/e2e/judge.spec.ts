import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "puppeteer-core";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import { ROOT } from "../../scripts/setup.mjs";
import type { PageAction } from "../../src/extension/messages.ts";
import { ask, KINDS, marks, OPTIONS_PAGE, openGuarded, verdicts } from "./harness.ts";

const SOON = { timeout: 40_000, interval: 100 };
const CARD = `${ROOT}models/test-card/test-card.png`;
const CONTROL = `${ROOT}models/test-card/control.png`;

/** Frames of one size, the last of which would be withheld alone. */
async function animation(): Promise<Sharp> {
  const raw = (path: string) => sharp(path).removeAlpha().resize(448, 448).raw().toBuffer();
  const frames = await Promise.all([CONTROL, CONTROL, CARD].map(raw));
  return sharp(Buffer.concat(frames), { raw: { width: 448, height: 3 * 448, channels: 3, pageHeight: 448 } });
}

type Route = (request: IncomingMessage, response: ServerResponse) => void;
const html =
  (body: string): Route =>
  (_, response) =>
    response.setHeader("content-type", "text/html; charset=utf-8").end(`<!doctype html>${body}`);
/** As most servers send pictures: with validators, to be kept for an hour. */
const picture =
  (body: Buffer, type: string): Route =>
  (_, response) =>
    response
      .writeHead(200, { "content-type": type, "cache-control": "max-age=3600", etag: `"${body.length}"` })
      .end(body);
const img = (...addresses: string[]) => html(addresses.map((src) => `<img src="${src}" alt="" width="200">`).join(""));

async function serve(routes: Readonly<Record<string, Route>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const route = routes[request.url ?? ""];
    if (route) route(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}

describe.each(KINDS)("the judge of pictures in %s", (kind) => {
  let guarded: Guarded;
  let own: Page;
  let page: Page;
  let site: Awaited<ReturnType<typeof serve>>;
  let other: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    const [card, again] = await Promise.all([90, 70].map((quality) => sharp(CARD).jpeg({ quality }).toBuffer()));
    const flat = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: "#4a7a3c" } });
    other = await serve({
      "/seen.jpg": picture(await sharp(CONTROL).jpeg().toBuffer(), "image/jpeg"),
      "/card.jpg": picture(card as Buffer, "image/jpeg"),
      "/again.jpg": picture(again as Buffer, "image/jpeg"),
      "/moving.webp": picture(
        await (await animation()).webp({ quality: 90, delay: [60_000, 60_000, 60_000] }).toBuffer(),
        "image/webp",
      ),
      "/moving.gif": picture(
        await (await animation()).gif({ dither: 0, delay: [60_000, 60_000, 60_000] }).toBuffer(),
        "image/gif",
      ),
      "/huge.jpg": picture(await flat(6_000, 4_000).jpeg().toBuffer(), "image/jpeg"),
      "/large.png": picture(await flat(4_000, 3_000).png().toBuffer(), "image/png"),
    });
    site = await serve({
      "/seen": img(`${other.origin}/seen.jpg`),
      "/card": img(`${other.origin}/card.jpg`),
      "/again": img(`${other.origin}/again.jpg`),
      "/moving": img(`${other.origin}/moving.webp`, `${other.origin}/moving.gif`),
      "/large": img(`${other.origin}/huge.jpg`, `${other.origin}/large.png`),
    });
    guarded = await openGuarded(kind);
    own = await guarded.openOwnPage(OPTIONS_PAGE);
    page = await guarded.newPage();
  });
  afterAll(async () => {
    await guarded?.close();
    await site?.close();
    await other?.close();
  });

  async function visit(path: string, ...wanted: string[]) {
    await page.bringToFront();
    await page.goto(`${site.origin}${path}`);
    await vi.waitFor(async () => expect(await marks(page)).toEqual(wanted), SOON);
  }
  const recalled = async () => (await ask(own, "status", null)).judge.recalled;
  const NOTHING = { memory: 0, disk: 0, likeness: 0 };

  /** The judge goes, with all that it had in memory. */
  async function stopJudge() {
    if (kind === "firefox") return guarded.stopBackground();
    await own.evaluate(() => chrome.offscreen.closeDocument());
  }

  /** Speaks to the judge as a frame does, one message after each answer, and tells what it answers. */
  function knock(messages: readonly object[], count: number): Promise<PageAction[]> {
    return own.evaluate(
      async (all, expected) => {
        const api = (globalThis as { browser?: typeof chrome }).browser ?? chrome;
        await api.runtime.sendMessage({ door: "guard", kind: "wake", request: null });
        const port = api.runtime.connect({ name: "judge" });
        const rest = [...all];
        const actions: PageAction[] = [];
        return new Promise<PageAction[]>((resolve) => {
          port.onMessage.addListener((answer: { kind: string; actions?: PageAction[] }) => {
            actions.push(...(answer.actions ?? []));
            if (actions.length === expected) resolve(actions);
            else port.postMessage(rest.shift() ?? { kind: "waiting" });
          });
        }).finally(() => port.disconnect());
      },
      messages,
      count,
    );
  }

  /** A grey canvas, as a page would send it; bytes do not cross into the browser as they are. */
  const drawGrey = () =>
    own.evaluate(async () => {
      const api = (globalThis as { browser?: typeof chrome }).browser ?? chrome;
      await api.runtime.sendMessage({ door: "guard", kind: "wake", request: null });
      const port = api.runtime.connect({ name: "judge" });
      const pixels = { width: 96, height: 64, data: new Uint8ClampedArray(4 * 96 * 64).fill(200) };
      const screen = { kind: "image", id: "p", context: "page", src: "", pixels, urgency: 0 };
      return new Promise<PageAction[]>((resolve) => {
        port.onMessage.addListener((answer: { actions?: PageAction[] }) => {
          if (answer.actions) resolve(answer.actions);
          else port.postMessage({ kind: "judge", sightings: [screen] });
        });
      }).finally(() => port.disconnect());
    });

  test("a picture is known again: in this session, after the judge has died, and not after the journal was erased", async () => {
    await visit("/seen", "shown");
    const asked = other.asked.filter((path) => path === "/seen.jpg").length;
    expect([asked, await recalled()]).toEqual([2, NOTHING]);
    await visit("/seen", "shown");
    expect(await recalled()).toEqual({ ...NOTHING, memory: 1 });
    await stopJudge();
    await visit("/seen", "shown");
    expect(await recalled()).toEqual({ ...NOTHING, disk: 1 });
    // Both the page and the judge had it from the browser's own cache.
    expect(other.asked.filter((path) => path === "/seen.jpg")).toHaveLength(asked);
    const [first, ...rest] = (await verdicts(own)).filter(({ label }) => label.endsWith("/seen.jpg"));
    for (const { score, category } of rest) expect([score, category]).toEqual([first?.score, first?.category]);
    await ask(own, "erase", null);
    await stopJudge();
    await visit("/seen", "shown");
    expect(await recalled()).toEqual(NOTHING);
  });

  test("another file of a picture that was withheld is withheld without being judged", async () => {
    await visit("/card", "blur");
    const before = (await recalled()).likeness;
    await visit("/again", "blur");
    expect((await recalled()).likeness).toBe(before + 1);
  });

  test("an animation is what its worst frame is", async () => {
    await visit("/moving", "blur", "blur");
  });

  test("a photograph of 24 megapixels is judged, at a size that fits", async () => {
    await visit("/large", "shown", "shown");
    const judged = async () => {
      const rows = (await verdicts(own)).filter(({ label }) => /huge|large/.test(label));
      return Object.fromEntries(rows.map(({ label, category }) => [label.split("/").at(-1), category]));
    };
    await vi.waitFor(async () => expect(await judged()).toEqual({ "huge.jpg": "safe", "large.png": "safe" }), SOON);
  });

  test("pixels are judged as they are; what the user disputes is shown from then on", async () => {
    expect(await drawGrey()).toMatchObject([{ id: "p", kind: "allow", reason: "judged" }]);
    const card = { kind: "image", id: "c", context: "page", src: `${other.origin}/card.jpg` };
    const withheld = { id: "c", kind: "blur", cover: "blur", reason: "judged" };
    const shown = { id: "c", kind: "allow", reason: "disputed" };
    const first = await knock(
      [
        { kind: "judge", sightings: [card] },
        { kind: "dispute", id: "c" },
      ],
      2,
    );
    expect(first).toMatchObject([withheld, shown]);
    expect(await knock([{ kind: "judge", sightings: [card] }], 1)).toMatchObject([shown]);
  });
});

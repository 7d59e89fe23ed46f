import { constants, cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import sharp from "sharp";
import { type Guarded, openBrowser } from "../../scripts/browser.mjs";
import { ensureBrowser, type Kind, ROOT } from "../../scripts/setup.mjs";
import type { JournalEvent, VerdictEvent } from "../../src/core/report/journal.ts";
import type { Protocol } from "../../src/extension/messages.ts";
import { FORMATS } from "../fixtures/formats.ts";

export const KINDS: readonly Kind[] = ["chromium", "firefox"];
export const OPTIONS_PAGE = "src/extension/options/index.html";

export interface OpenOptions {
  profile?: string;
  localHosts?: readonly string[];
  /** Another folder than the built extension's. */
  extension?: string;
  /** More arguments for Chromium. */
  flags?: readonly string[];
  /** Firefox's. */
  preferences?: Readonly<Record<string, string | number | boolean>>;
}

/** The built extension in a real browser. */
export async function openGuarded(kind: Kind, { extension, ...options }: OpenOptions = {}): Promise<Guarded> {
  const program = await ensureBrowser(kind);
  if (extension || kind === "firefox") {
    return openBrowser(kind, { program, extension: extension ?? `${ROOT}dist/${kind}`, ...options });
  }
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), "wardlight-chromium-")));
  const guarded = await openBrowser(kind, { program, extension: await ownCopy(profile), ...options, profile });
  const close = async () => {
    await guarded.close();
    if (!options.profile) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { ...guarded, close };
}

/**
 * Chromium keeps what it makes of the block rules in the extension's own folder, and clears that on loading: two that
 * share a folder take it from each other. A profile knows the extension by its folder, which thus stays with it.
 */
async function ownCopy(profile: string): Promise<string> {
  const folder = join(profile, "built");
  await cp(`${ROOT}dist/chromium`, folder, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => !path.endsWith("_metadata"),
  });
  return folder;
}

const SCENES_WEBM = readFile(`${ROOT}test/fixtures/moving/scenes.webm`);

export interface Fixture {
  readonly origin: string;
  readonly port: number;
  /** Host and path of every request so far. */
  readonly requests: { host: string; path: string }[];
  close(): Promise<void>;
}

/**
 * Serves pages by path (`.txt` as plain text), and `/flat/RRGGBB.png`, a picture of one colour (`?delay=MS` holds it
 * back, `?size=WxH` changes its 160 × 120). `/document?HTML` and `/style.css?CSS` are what they are asked for.
 * `/test-card.jpg` and `/control.jpg` are those (`?cut=LEFT,TOP,WIDTH,HEIGHT&below=ROWS&scale=&quality=`, with so many white
 * rows below, or `?format=NAME`, written as fixtures/formats.ts knows to), `/scenes.webm` is the video of fixtures/moving,
 * `/to?ADDRESS` redirects.
 */
export async function serveFixture(pages: Readonly<Record<string, Html>>): Promise<Fixture> {
  const requests: { host: string; path: string }[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://fixture");
    requests.push({ host: request.headers.host ?? "", path: url.pathname });
    await new Promise((resolve) => setTimeout(resolve, Number(url.searchParams.get("delay") ?? 0)));
    const colour = /^\/flat\/([0-9a-f]{6})\.png$/.exec(url.pathname)?.[1];
    const card = /^\/(test-card|control)\.jpg$/.exec(url.pathname)?.[1];
    const page = pages[url.pathname];
    if (colour) response.setHeader("content-type", "image/png").end(await flatPicture(colour, url));
    else if (card) await sendCard(response, card, url);
    else if (url.pathname === "/scenes.webm") response.setHeader("content-type", "video/webm").end(await SCENES_WEBM);
    else if (url.pathname === "/to") response.writeHead(302, { location: url.search.slice(1) }).end();
    else if (url.pathname === "/style.css") response.setHeader("content-type", "text/css").end(askedFor(url));
    else sendPage(response, page, url, `http://${request.headers.host}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${port}`, port, requests, close };
}

type Html = string | ((origin: string) => string);

function sendPage(response: ServerResponse, page: Html | undefined, url: URL, origin: string) {
  const asked = url.pathname === "/document" ? `<body style="margin:0">${askedFor(url)}` : page;
  if (asked === undefined) return response.writeHead(404).end();
  const html = typeof asked === "string" ? asked : asked(origin);
  if (url.pathname.endsWith(".txt")) return response.setHeader("content-type", "text/plain").end(html);
  return response.setHeader("content-type", "text/html; charset=utf-8").end(`<!doctype html>${html}`);
}

function askedFor({ search }: URL): string {
  return decodeURIComponent(search.slice(1));
}

function flatPicture(colour: string, { searchParams }: URL): Promise<Buffer> {
  const [width = 160, height = 120] = (searchParams.get("size") ?? "160x120").split("x").map(Number);
  return sharp({ create: { width, height, channels: 3, background: `#${colour}` } })
    .png()
    .toBuffer();
}

/** By name and wishes: browser and judge ask for the same ones, many times for tiles. */
const cuts = new Map<string, Promise<Buffer>>();

async function sendCard(response: ServerResponse, name: string, url: URL) {
  const write = FORMATS[url.searchParams.get("format") ?? ""];
  const written = await write?.(`${ROOT}models/test-card/${name}.png`);
  const cut = `${name}${url.search}`;
  if (!cuts.has(cut)) cuts.set(cut, cardPicture(name, url));
  const { type, body } = written ?? { type: "image/jpeg", body: await cuts.get(cut) };
  response.setHeader("content-type", type).end(body);
}

/** The test card is known by its looks, never by name or hash: it comes cut, scaled and compressed anew. */
function cardPicture(name: string, { searchParams }: URL): Promise<Buffer> {
  const [left = 0, top = 0, width = 448, height = 448] = (searchParams.get("cut") ?? "0,0,448,448")
    .split(",")
    .map(Number);
  return sharp(`${ROOT}models/test-card/${name}.png`)
    .extract({ left, top, width, height })
    .extend({ bottom: Number(searchParams.get("below") ?? 0), background: "#fff" })
    .resize({ width: Math.round(width * Number(searchParams.get("scale") ?? 1)) })
    .jpeg({ quality: Number(searchParams.get("quality") ?? 90) })
    .toBuffer();
}

/** Colours that no browser draws by itself and no rounding confuses. */
export function colours(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const channel = (step: number) => (48 + ((i * step) % 12) * 16).toString(16).padStart(2, "0");
    return `${channel(1)}${channel(5)}${channel(7)}`;
  });
}

/** Which of these colours cover a place of at least 20 × 20 px on the screen right now. */
export async function coloursOnScreen(page: Page, wanted: readonly string[]): Promise<Set<string>> {
  const shot = await page.screenshot({ type: "png" });
  const { data, info } = await sharp(shot).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const counts = new Map(wanted.map((colour) => [Number.parseInt(colour, 16), 0]));
  for (let i = 0; i < data.length; i += info.channels) {
    const colour = data.readUIntBE(i, 3);
    const count = counts.get(colour);
    if (count !== undefined) counts.set(colour, count + 1);
  }
  return new Set(wanted.filter((colour) => (counts.get(Number.parseInt(colour, 16)) ?? 0) >= 400));
}

/** As `edgesOnScreen`, for places on the screen, by one picture of it. */
export async function edgesAt(page: Page, places: readonly Place[]): Promise<number[]> {
  const shot = sharp(await page.screenshot({ type: "png" })).greyscale();
  const { data, info } = await shot.raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => data[(y * info.width + x) * info.channels] ?? 0;
  return places.map(({ left, top, width, height }) => {
    let edges = 0;
    for (let y = top; y < Math.min(info.height, top + height); y++)
      for (let x = left + 1; x < left + width; x++) if (Math.abs(at(x, y) - at(x - 1, y)) > 60) edges++;
    return edges;
  });
}

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How many neighbouring pixels in an element's box differ strongly on the screen right now: a picture has thousands, a blur none. */
export async function edgesOnScreen(page: Page, selector: string): Promise<number> {
  const box = await page.$eval(selector, (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { left: Math.round(left), top: Math.round(top), width: Math.round(width), height: Math.round(height) };
  });
  const shot = await page.screenshot({ type: "png" });
  const { data, info } = await sharp(shot).extract(box).greyscale().raw().toBuffer({ resolveWithObject: true });
  let edges = 0;
  for (let i = info.channels; i < data.length; i += info.channels) {
    const isSameRow = i % (info.width * info.channels) !== 0;
    if (isSameRow && Math.abs((data[i] ?? 0) - (data[i - info.channels] ?? 0)) > 60) edges++;
  }
  return edges;
}

/** `data-wardlight` of every `<img>`, in document order. */
export function marks(page: Page): Promise<(string | null)[]> {
  return page.evaluate(() => Array.from(document.images, (image) => image.getAttribute("data-wardlight")));
}

type Console = Protocol["console"];

/** Asks the background through the door that the extension's own pages use. */
export function ask<K extends keyof Console>(own: Page, kind: K, request: Parameters<Console[K]>[0]) {
  return own.evaluate(
    (k, r) => {
      const api = (globalThis as { browser?: typeof chrome }).browser ?? chrome;
      return api.runtime.sendMessage({ door: "console", kind: k, request: r });
    },
    kind,
    request,
  ) as Promise<Awaited<ReturnType<Console[K]>>>;
}

export function journal(own: Page): Promise<JournalEvent[]> {
  return ask(own, "events", { since: 0, until: Number.MAX_SAFE_INTEGER, limit: 10_000 });
}

export async function verdicts(own: Page): Promise<VerdictEvent[]> {
  return (await journal(own)).filter((event) => event.kind === "verdict");
}

/** The number of the tab that shows a page of this origin. */
export async function tabIdOf(own: Page, origin: string): Promise<number> {
  const id = await own.evaluate(async (start) => {
    const api = (globalThis as { browser?: typeof chrome }).browser ?? chrome;
    return (await api.tabs.query({})).find(({ url }) => url?.startsWith(start))?.id;
  }, origin);
  if (id === undefined) throw new Error(`No tab shows ${origin}.`);
  return id;
}

/** What is highlighted on a page: the words, and the ids of the elements around them. */
export function passagesOn(page: Page): Promise<{ blocks: string[]; words: string[] }> {
  return page.evaluate(() => {
    const ranges = Array.from(CSS.highlights.get("wardlight-warn")?.keys() ?? []) as Range[];
    const around = new Set(ranges.map(({ startContainer }) => startContainer.parentElement?.closest("[id]")));
    const blocks = [...document.querySelectorAll("[id]")].filter((element) => around.has(element));
    return { blocks: blocks.map(({ id }) => id), words: ranges.map(String) };
  });
}

/** Waits until a tab shows the blocked page of a host; a look that a page's end interrupts is repeated. */
export async function blockedFor(page: Page, host: string): Promise<void> {
  const shown = () => page.$eval("#host", ({ textContent }) => textContent).catch(() => null);
  for (let tries = 0; (await shown()) !== host; tries++) {
    if (tries === 400) throw new Error(`The tab does not show the blocked page of ${host}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

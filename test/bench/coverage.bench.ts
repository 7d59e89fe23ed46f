import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import sharp from "sharp";
import type { Kind } from "../../scripts/setup.mjs";
import { ask } from "../e2e/harness.ts";
import type { Bench, BenchContext, Row } from "./bench.ts";
import { openOwnPage } from "./pages.ts";
import { serveStage } from "./stage.ts";
import { WAYS, type Way } from "./ways.ts";

const VIEWPORT = { width: 400, height: 300 };
/** A colour counts as seen when it fills a place of 20 × 20 px. */
const MIN_PIXELS = 400;
/** So long the judge's own read of a picture takes: the time in which an unguarded picture would be seen. */
const HELD_BACK_MS = 250;
const PATIENCE_MS = 6_000;

export const bench: Bench = {
  name: "coverage",
  title: "Pictures: seen before their verdict",
  builds: ["chromium", "firefox"],
  measure: async (context) => [await inBrowser("chromium", context), await inBrowser("firefox", context)],
};

/** What was on the screen at a moment, in milliseconds since the epoch. */
interface Frame {
  readonly at: number;
  readonly png: Buffer;
}

/** Gathers what a tab shows from now on until the function it answers with is called. */
type Film = (page: Page) => Promise<() => Promise<Frame[]>>;

interface Load {
  readonly colour: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** When the colour was seen. */
  readonly seenAt: readonly number[];
  /** It was seen in the end. */
  readonly isShown: boolean;
}

async function inBrowser(kind: Kind, context: BenchContext): Promise<Row> {
  const loads = context.isWhole ? 200 : 5;
  const guarded = await context.open(kind);
  const own = await openOwnPage(guarded, "src/extension/options/index.html");
  const page = await guarded.newPage();
  await page.setViewport(VIEWPORT);
  const origin = await serveWays(context);
  const failures: string[] = [];
  const unrevealed: string[] = [];
  let painted = 0;
  for (const [i, way] of WAYS.entries()) {
    const seen: Load[] = [];
    for (let n = 0; n < loads; n++)
      seen.push(await load(page, `${origin}/way/${way.name}`, way, colourOf(i * loads + n), FILMS[kind]));
    const early = await paintedEarly(own, seen);
    painted += early;
    if (early > 0) failures.push(`${way.name} ${early}`);
    const never = seen.filter(({ isShown }) => !isShown).length;
    if (never > 0) unrevealed.push(`${way.name} ${never}`);
    context.say(`${kind} ${way.name}: ${early} of ${loads} seen early, ${never} never shown`);
  }
  const list = (names: readonly string[]) => (names.length > 0 ? names.join(", ") : "none");
  return {
    what: `Loads in which a picture was seen before its verdict, ${guarded.kind}`,
    value: painted,
    unit: "count",
    target: { atMost: 0 },
    detail: `of ${loads} for each of ${WAYS.length} ways; seen: ${list(failures)}; never shown: ${list(unrevealed)}`,
  };
}

/** Every way as a page, and one picture for each colour; whoever reads a picture again waits. */
function serveWays(context: BenchContext): Promise<string> {
  const ways = new Map(WAYS.map((way) => [way.name, way]));
  const read = new Set<string>();
  return serveStage(context, {
    "/way": ({ pathname, searchParams }) => {
      const colour = searchParams.get("colour") ?? "";
      return `<body>${ways.get(pathname.slice("/way/".length))?.html?.(`/flat/${colour}.png`)}</body>`;
    },
    "/flat": async ({ pathname }) => {
      if (read.has(pathname)) await sleep(HELD_BACK_MS);
      read.add(pathname);
      const background = `#${pathname.slice("/flat/".length, -".png".length)}`;
      const body = await sharp({ create: { width: 160, height: 120, channels: 3, background } })
        .png()
        .toBuffer();
      return { type: "image/png", body, isFresh: true };
    },
  });
}

/** Colours that no browser draws by itself, 4,096 × 2 of them, no two alike. */
function colourOf(n: number): string {
  const level = (value: number) => (40 + 11 * (value % 16)).toString(16).padStart(2, "0");
  return `${level(n)}${level(n >> 4)}${(41 + 11 * ((n >> 8) % 16)).toString(16).padStart(2, "0")}`;
}

async function load(page: Page, address: string, way: Way, colour: string, film: Film): Promise<Load> {
  const target = way.html ? `${address}?colour=${colour}` : new URL(`/flat/${colour}.png`, address).href;
  const startedAt = Date.now();
  const stop = await film(page);
  await page.goto(target, { waitUntil: "domcontentloaded" });
  await sleep(HELD_BACK_MS);
  const isShownNow = async () => isSeen(await page.screenshot({ type: "png" }), colour);
  let isShown = await isShownNow();
  while (!isShown && Date.now() - startedAt < PATIENCE_MS) isShown = await isShownNow();
  const seenAt: number[] = [];
  for (const { at, png } of await stop()) if (await isSeen(png, colour)) seenAt.push(at);
  return { colour, startedAt, endedAt: Date.now(), seenAt, isShown };
}

async function isSeen(png: Uint8Array, colour: string): Promise<boolean> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  let count = 0;
  for (let i = 0; i < data.length; i += info.channels) {
    if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) count++;
  }
  return count >= MIN_PIXELS;
}

/** In how many of these loads the colour was seen before the judge had concluded anything about the page's pictures. */
async function paintedEarly(own: Page, loads: readonly Load[]): Promise<number> {
  // The judge hands its events over in batches.
  await sleep(500);
  const since = loads[0]?.startedAt ?? 0;
  const events = await ask(own, "events", { since, until: Number.MAX_SAFE_INTEGER, limit: 10_000 });
  const verdictsAt = events.flatMap((event) => (event.kind === "verdict" && event.subject === "image" ? event.at : []));
  return loads.filter(({ startedAt, endedAt, seenAt }) => {
    const first = Math.min(...verdictsAt.filter((at) => at >= startedAt && at <= endedAt));
    return Math.min(...seenAt) < first;
  }).length;
}

const FILMS: Readonly<Record<Kind, Film>> = { chromium: screencast, firefox: screenshots };

/** Every frame that Chromium composes, with the moment at which it did. */
async function screencast(page: Page): Promise<() => Promise<Frame[]>> {
  const client = await page.createCDPSession();
  const frames: Frame[] = [];
  client.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
    frames.push({ at: 1_000 * (metadata.timestamp ?? 0), png: Buffer.from(data, "base64") });
    void client.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await client.send("Page.startScreencast", { format: "png", everyNthFrame: 1 });
  return async () => {
    await client.send("Page.stopScreencast");
    await client.detach();
    return frames;
  };
}

/** Shots back to back; what one shows was there before it ended. */
async function screenshots(page: Page): Promise<() => Promise<Frame[]>> {
  const frames: Frame[] = [];
  let isOver = false;
  const shooting = (async () => {
    while (!isOver) {
      const png = await page.screenshot({ type: "png" }).catch(() => undefined);
      if (png) frames.push({ at: Date.now(), png: Buffer.from(png) });
    }
  })();
  return async () => {
    isOver = true;
    await shooting;
    return frames;
  };
}

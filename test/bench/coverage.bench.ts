import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import sharp from "sharp";
import type { Kind } from "../../scripts/setup.mjs";
import type { VerdictEvent } from "../../src/core/report/journal.ts";
import { ask } from "../e2e/harness.ts";
import { colourAt, coveragePage, WAYS } from "../fixtures/coverage.ts";
import type { Bench, BenchContext, Row } from "./bench.ts";
import { openOwnPage } from "./pages.ts";
import { serveStage } from "./stage.ts";

/** Eight cells in a row. */
const VIEWPORT = { width: 1280, height: 120 * Math.ceil(WAYS.length / 8) };
/** A colour counts as seen when it fills a place of 20 × 20 px; every other pixel of every other row is looked at. */
const MIN_PIXELS = 100;
/** JPEG keeps a flat colour to a few levels; the ways' colours lie 50 apart. */
const TOLERANCE = 8;
/** So long the judge's own read of a picture takes: the time in which an unguarded picture would be seen. */
const HELD_BACK_MS = 250;
/** A busy machine judges all ways of a page in some 25 seconds. */
const PATIENCE_MS = 60_000;

export const bench: Bench = {
  name: "coverage",
  title: "Pictures: seen before their verdict",
  builds: ["chromium", "firefox"],
  async measure(context) {
    const runs = [await inBrowser("chromium", context), await inBrowser("firefox", context)];
    // In turns, so that both have got as far when the time is over.
    do for (const { advance } of runs) await advance();
    while (!context.isOver() && runs.some(({ isLeft }) => isLeft()));
    return runs.map(({ row }) => row());
  },
};

/** After so many loads what they came to is kept, so that another run can go on from there. */
const CHUNK = 5;

/** What a load came to, by the names of the ways. */
interface Outcome {
  readonly early: readonly string[];
  readonly never: readonly string[];
}

/** What was on the screen at a moment, in milliseconds since the epoch. */
interface Frame {
  readonly at: number;
  readonly image: Buffer;
}

/** Gathers what a tab shows from now on until the function it answers with is called. */
type Film = (page: Page) => Promise<() => Promise<Frame[]>>;

interface Load {
  readonly startedAt: number;
  readonly endedAt: number;
  /** When the colour of each way was seen first; infinite for never. */
  readonly firstSeenAt: readonly number[];
}

interface Run {
  isLeft(): boolean;
  /** By a chunk of loads. */
  advance(): Promise<void>;
  row(): Row;
}

async function inBrowser(kind: Kind, context: BenchContext): Promise<Run> {
  const count = context.isWhole ? 200 : 5;
  const guarded = await context.open(kind);
  const own = await openOwnPage(guarded, "src/extension/options/index.html");
  const page = await guarded.newPage();
  await page.setViewport(VIEWPORT);
  const other = await serveWays(context, "");
  const origin = await serveWays(context, other);
  const kept = context.resume<Outcome>(`coverage-${kind}`);
  const done = kept.length < count ? kept : [];
  const isLeft = () => done.length < count;
  const advance = async () => {
    const loads: [number, Load][] = [];
    for (let n = done.length; n < Math.min(count, done.length + CHUNK); n++)
      loads.push([n, await load(page, `${origin}/page/${n}`, FILMS[kind])]);
    const events = await verdictsOf(own, loads);
    done.push(...loads.map(([n, one]) => outcomeOf(one, n, events)));
    context.save(`coverage-${kind}`, done);
    context.say(`${kind}: ${done.length} of ${count} loads`);
  };
  return { isLeft, advance, row: () => rowOf(kind, done) };
}

function rowOf(kind: Kind, done: readonly Outcome[]): Row {
  const early = tally(done.flatMap((outcome) => outcome.early));
  const never = tally(done.flatMap((outcome) => outcome.never));
  return {
    what: `Pictures seen before their verdict, ${kind}`,
    value: early.total,
    unit: "count",
    target: { atMost: 0 },
    detail: `of ${done.length} loads for each of ${WAYS.length} ways; seen: ${early.names}; never shown: ${never.names}`,
  };
}

/** The judge hands its events over in batches, late on a busy machine; what is missing in the end counts as early. */
async function verdictsOf(own: Page, loads: readonly [number, Load][]): Promise<VerdictEvent[]> {
  const since = loads[0]?.[1].startedAt ?? 0;
  for (let tries = 0; ; tries++) {
    await sleep(500);
    const events = await ask(own, "events", { since, until: Number.MAX_SAFE_INTEGER, limit: 10_000 });
    const known = events.filter((event) => event.kind === "verdict");
    const isKnown = ([n, one]: [number, Load]) =>
      WAYS.every(
        (_, i) => one.firstSeenAt[i] === Number.POSITIVE_INFINITY || verdictAt(known, one, n, i) < one.endedAt,
      );
    if (tries === 20 || loads.every(isKnown)) return known;
  }
}

function outcomeOf(one: Load, n: number, events: readonly VerdictEvent[]): Outcome {
  const named = (holds: (seenAt: number, way: number) => boolean) =>
    WAYS.filter((_, i) => holds(one.firstSeenAt[i] as number, i)).map(({ name }) => name);
  return {
    early: named((seenAt, i) => seenAt < verdictAt(events, one, n, i)),
    never: named((seenAt) => seenAt === Number.POSITIVE_INFINITY),
  };
}

/** Counts the names, all together and each. */
function tally(names: readonly string[]): { total: number; names: string } {
  const counts = [...new Set(names)].map((name) => `${name} ${names.filter((other) => other === name).length}`);
  return { total: names.length, names: counts.join(", ") || "none" };
}

/** The colours change places from load to load, and no address is used twice. */
function pictureOf(n: number, way: number): { path: string; colour: string } {
  const colour = colourAt((way + 7 * n) % 64);
  return { path: `/flat/${n}/${way}/${colour}.png`, colour };
}

/** All ways on one page, and one picture for each; whoever reads a picture again waits. */
function serveWays(context: BenchContext, other: string): Promise<string> {
  const read = new Set<string>();
  return serveStage(context, {
    "/page": ({ origin, pathname }) => {
      const n = Number(pathname.split("/")[2]);
      return coveragePage(WAYS, (i) => {
        const { path, colour } = pictureOf(n, i);
        return { picture: `${origin}${path}?p`, colour, id: `w${i}`, origin, other };
      });
    },
    "/document": ({ search }) => `<body style="margin:0">${decodeURIComponent(search.slice(1))}`,
    "/style.css": ({ search }) => ({ type: "text/css", body: decodeURIComponent(search.slice(1)) }),
    "/flat": async ({ pathname, search }) => {
      if (read.has(pathname + search)) await sleep(HELD_BACK_MS);
      read.add(pathname + search);
      const background = `#${/([0-9a-f]{6})\.png$/.exec(pathname)?.[1] ?? "ffffff"}`;
      const body = await sharp({ create: { width: 160, height: 120, channels: 3, background } })
        .png()
        .toBuffer();
      return { type: "image/png", body, isFresh: !WAYS[Number(pathname.split("/")[3])]?.isReady };
    },
  });
}

async function load(page: Page, address: string, film: Film): Promise<Load> {
  const n = Number(address.split("/").at(-1));
  // Nothing of the page before may be on film, nor in the frame that is on the screen now.
  await page.goto("about:blank");
  while ((await coloursIn(await page.screenshot({ type: "png" }))).size > 0) await sleep(50);
  const startedAt = Date.now();
  const stop = await film(page);
  await page.goto(address, { waitUntil: "load" });
  for (const [i, { act }] of WAYS.entries()) if (act === "hover") await page.hover(`#w${i}`);
  const last = await lastFrame(page, n, startedAt + PATIENCE_MS);
  const firstSeenAt = WAYS.map(() => Number.POSITIVE_INFINITY);
  for (const { at, image } of [...(await stop()), last]) {
    if (at < startedAt) continue;
    const seen = await coloursIn(image);
    for (const i of WAYS.keys()) {
      if (seen.has(pictureOf(n, i).colour)) firstSeenAt[i] = Math.min(firstSeenAt[i] as number, at);
    }
  }
  return { startedAt, endedAt: Date.now(), firstSeenAt };
}

/** What is on the screen when all ways are shown, or nobody waits any longer: the film may lack the last change. */
async function lastFrame(page: Page, n: number, until: number): Promise<Frame> {
  for (;;) {
    const image = Buffer.from(await page.screenshot({ type: "png" }));
    const at = Date.now();
    const seen = await coloursIn(image);
    if (at > until || WAYS.every((_, i) => seen.has(pictureOf(n, i).colour))) return { at, image };
    await sleep(100);
  }
}

async function coloursIn(image: Uint8Array): Promise<Set<string>> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const counts = new Map<string, number>();
  for (let y = 0; y < info.height; y += 2) {
    for (let x = 0; x < info.width; x += 2) {
      const colour = nearest(data, (y * info.width + x) * info.channels);
      if (colour) counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
  }
  return new Set([...counts].flatMap(([colour, count]) => (count >= MIN_PIXELS ? colour : [])));
}

/** The way's colour (see `colourAt`) that a pixel has, if any. */
function nearest(data: Uint8Array, at: number): string | undefined {
  let index = 0;
  for (let channel = 0; channel < 3; channel++) {
    const value = data[at + channel] as number;
    const level = Math.round((value - 52) / 50);
    if (level < 0 || level > 3 || Math.abs(value - 52 - 50 * level) > TOLERANCE) return undefined;
    index = 4 * index + level;
  }
  return colourAt(index);
}

/** When the judge concluded about the picture that a way showed; infinite for never. What has no address goes by its kind. */
function verdictAt(events: readonly VerdictEvent[], { startedAt, endedAt }: Load, n: number, way: number): number {
  const [scheme] = /^img (data:|blob:)$/.exec(WAYS[way]?.name ?? "")?.slice(1) ?? [];
  const path = scheme ?? pictureOf(n, way).path;
  const mine = events.filter(({ label, at }) => label.includes(path) && at >= startedAt && at <= endedAt);
  return Math.min(...mine.map(({ at }) => at));
}

const FILMS: Readonly<Record<Kind, Film>> = { chromium: screencast, firefox: screenshots };

/** Every frame that Chromium composes, with the moment at which it did. */
async function screencast(page: Page): Promise<() => Promise<Frame[]>> {
  const client = await page.createCDPSession();
  const frames: Frame[] = [];
  client.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
    frames.push({ at: 1_000 * (metadata.timestamp ?? 0), image: Buffer.from(data, "base64") });
    void client.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await client.send("Page.startScreencast", { format: "jpeg", quality: 95, everyNthFrame: 1 });
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
      if (png) frames.push({ at: Date.now(), image: Buffer.from(png) });
    }
  })();
  return async () => {
    isOver = true;
    await shooting;
    return frames;
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import sharp from "sharp";
import type { Screen } from "../../scripts/browser.mjs";
import { ensureXvfb, type Kind } from "../../scripts/setup.mjs";
import type { VerdictEvent } from "../../src/core/report/journal.ts";
import { ask } from "../e2e/harness.ts";
import { colourAt, coveragePage, WAYS } from "../fixtures/coverage.ts";
import type { Bench, BenchContext, Row } from "./bench.ts";
import { openOwnPage } from "./pages.ts";
import { openScreen } from "./screen.ts";
import { serveStage } from "./stage.ts";
import { onScreen, type Seen, screencast, screenshots, type Witness } from "./witnesses.ts";

/** Eight cells in a row. */
const VIEWPORT = { width: 1280, height: 120 * Math.ceil(WAYS.length / 8) };
/** So long the judge's own read of a picture takes: the time in which an unguarded picture would be seen. */
const HELD_BACK_MS = 250;
/** A busy machine judges all ways of a page in some 25 seconds, a very busy one takes as long to load it. */
const PATIENCE_MS = 120_000;

export const bench: Bench = {
  name: "coverage",
  title: "Pictures: seen before their verdict",
  builds: ["chromium", "firefox"],
  async measure(context) {
    const runs = [
      await inBrowser("chromium", screencast, context),
      ...(await onRealScreen("firefox", context)),
      await inBrowser("firefox", screenshots, context),
    ];
    // In turns, so that all have got as far when the time is over.
    do for (const { advance } of runs) await advance();
    while (!context.isOver() && runs.some(({ isLeft }) => isLeft()));
    return runs.map(({ row }) => row());
  },
};

async function onRealScreen(kind: Kind, context: BenchContext): Promise<Run[]> {
  const program = await ensureXvfb();
  if (program === undefined) {
    context.say(`No Xvfb was found (Debian's package xvfb): what ${kind} shows on a screen is not looked at.`);
    return [];
  }
  const screen = await openScreen(program, VIEWPORT, context);
  return [await inBrowser(kind, onScreen(screen), context, screen)];
}

/** Colours that tell of how many single frames a witness misses. */
const FLASHES = 50;
/** After so many loads what they came to is kept, so that another run can go on from there. */
const CHUNK = 5;

/** What a load came to, by the names of the ways. */
interface Outcome {
  readonly early: readonly string[];
  readonly never: readonly string[];
}

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

async function inBrowser(kind: Kind, witness: Witness, context: BenchContext, screen?: Screen): Promise<Run> {
  const count = context.isWhole ? 200 : 5;
  const guarded = await context.open(kind, screen);
  const own = await openOwnPage(guarded, "src/extension/options/index.html");
  const page = await guarded.newPage();
  await page.setViewport(VIEWPORT);
  page.setDefaultNavigationTimeout(PATIENCE_MS);
  await page.bringToFront();
  const other = await serveWays(context, "");
  const origin = await serveWays(context, other);
  const noticed = await noticedOf(page, `${origin}/flashes`, witness);
  const name = `coverage-${kind}-${witness.name}`;
  const kept = context.resume<Outcome>(name);
  const done = kept.length < count ? kept : [];
  const isLeft = () => done.length < count;
  const advance = async () => {
    const loads: [number, Load][] = [];
    for (let n = done.length; n < Math.min(count, done.length + CHUNK); n++)
      loads.push([n, await load(page, `${origin}/page/${n}`, witness)]);
    const events = await verdictsOf(own, loads);
    done.push(...loads.map(([n, one]) => outcomeOf(one, n, events)));
    context.save(name, done);
    context.say(`${kind}, ${witness.name}: ${done.length} of ${count} loads`);
  };
  return { isLeft, advance, row: () => rowOf(`${kind}, ${witness.what}`, done, noticed) };
}

function rowOf(what: string, done: readonly Outcome[], noticed: string): Row {
  const early = tally(done.flatMap((outcome) => outcome.early));
  const never = tally(done.flatMap((outcome) => outcome.never));
  return {
    what: `Pictures seen before their verdict, ${what}`,
    value: early.total,
    unit: "count",
    target: { atMost: 0 },
    detail: `of ${done.length} loads for each of ${WAYS.length} ways; seen: ${early.names}; never shown: ${never.names}; ${noticed}`,
  };
}

/** How good the witness's eyes are. */
async function noticedOf(page: Page, address: string, witness: Witness): Promise<string> {
  await page.goto(address);
  const stop = await witness.film(page);
  await page.evaluate("flash()");
  const noticed = (await stop()).filter(({ colours }) => colours.size > 0).length;
  return `of ${FLASHES} colours painted for one frame each, ${noticed} were noticed`;
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
    if (tries === 60 || loads.every(isKnown)) return known;
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

/** Numbers of colours that are no grey: browsers draw greys themselves, such as the outline of a picture to come. */
const COLOURED = Array.from({ length: 64 }, (_, i) => i).filter((i) => i % 21 > 0);

/** The colours change places from load to load, and no address is used twice. */
function pictureOf(n: number, way: number): { path: string; colour: string } {
  const colour = colourAt(COLOURED[(way + 7 * n) % COLOURED.length] as number);
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
    // Colours for an animation frame each, without any picture.
    "/flashes": () => `<body><script>
      const frame = () => new Promise(requestAnimationFrame);
      async function flash() {
        for (let i = 0; i < ${FLASHES}; i++) {
          await frame();
          document.body.style.background = "#${colourAt(0)}";
          await frame();
          document.body.style.background = "";
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    </script>`,
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

async function load(page: Page, address: string, witness: Witness): Promise<Load> {
  const n = Number(address.split("/").at(-1));
  // Nothing of the page before may be on film, nor in the frame that is on the screen now.
  await page.goto("about:blank");
  while ((await witness.look(page)).colours.size > 0) await sleep(50);
  const startedAt = Date.now();
  const stop = await witness.film(page);
  await page.goto(address, { waitUntil: "load" });
  for (const [i, { act }] of WAYS.entries()) if (act === "hover") await page.hover(`#w${i}`);
  const last = await lastLook(page, witness, n, startedAt + PATIENCE_MS);
  const firstSeenAt = WAYS.map(() => Number.POSITIVE_INFINITY);
  for (const { at, colours } of [...(await stop()), last]) {
    if (at < startedAt) continue;
    for (const i of WAYS.keys()) {
      if (colours.has(pictureOf(n, i).colour)) firstSeenAt[i] = Math.min(firstSeenAt[i] as number, at);
    }
  }
  return { startedAt, endedAt: Date.now(), firstSeenAt };
}

/** What is on the screen when all ways are shown, or nobody waits any longer: the film may lack the last change. */
async function lastLook(page: Page, witness: Witness, n: number, until: number): Promise<Seen> {
  for (;;) {
    const seen = await witness.look(page);
    if (seen.at > until || WAYS.every((_, i) => seen.colours.has(pictureOf(n, i).colour))) return seen;
    await sleep(100);
  }
}

/** When the judge concluded about the picture that a way showed; infinite for never. What has no address goes by its kind. */
function verdictAt(events: readonly VerdictEvent[], { startedAt, endedAt }: Load, n: number, way: number): number {
  const [scheme] = /^img (data:|blob:)$/.exec(WAYS[way]?.name ?? "")?.slice(1) ?? [];
  const path = scheme ?? pictureOf(n, way).path;
  const mine = events.filter(({ label, at }) => label.includes(path) && at >= startedAt && at <= endedAt);
  return Math.min(...mine.map(({ at }) => at));
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import sharp from "sharp";
import { UserError } from "../../scripts/setup.mjs";
import type { Bench, PictureFile, Row } from "./bench.ts";
import { type JudgeClient, openJudge } from "./judge.ts";
import { newPage } from "./pages.ts";
import { openBare, openNsfwjs, type Peer } from "./peer.ts";
import { pictureAddress, pictureRoute, serveStage } from "./stage.ts";
import { median, ratios, spread } from "./statistics.ts";

const ON_A_PAGE = 50;
const IN_VIEW = 10;
/** What the one before leaves to be done, such as writing down, is over by then. */
const QUIET_MS = 1_500;

export const bench: Bench = {
  name: "images",
  title: "Pictures: time",
  builds: ["chromium"],
  async measure(context) {
    const guarded = await context.open("chromium");
    const sets = setsOf((await context.pictures()).files, context.isWhole);
    const again = await Promise.all(sets.single.map(altered));
    const shown = [...sets.pages, ...sets.views].flat();
    const origin = await serveStage(context, {
      "/picture": pictureRoute([...sets.warm, ...sets.single, ...again, ...shown]),
      "/empty": () => "<title>pictures</title>",
    });
    const addresses = (files: readonly PictureFile[]) => files.map((file) => pictureAddress(origin, file));
    const nsfwjs = await openNsfwjs(context, guarded.browser);
    const judge = await openJudge(guarded);
    const warm = addresses(sets.warm);
    await Promise.all([nsfwjs.load(warm), judge.load(warm)]);
    for (const address of warm) await pair(judge, nsfwjs, address, true);

    const single = await singly(judge, nsfwjs, addresses(sets.single), addresses(again));
    await judge.close();
    const page = await newPage(guarded.browser);
    const pages = await eachPage(page, nsfwjs, `${origin}/empty`, sets.pages.map(addresses));
    await nsfwjs.page.close();
    const bare = await openBare(context, guarded.browser);
    await bare.load(warm);
    for (const address of warm) await bare.judge(address);
    const views = await eachView(page, bare, `${origin}/empty`, sets.views.map(addresses));
    return [...single, ...pages, ...views];
  },
};

/** No picture serves twice, since what was judged once is remembered. */
function setsOf(files: readonly PictureFile[], isWhole: boolean) {
  const left = [...files];
  const take = (count: number) => left.splice(0, count);
  const warm = take(4);
  const views = Array.from({ length: isWhole ? 5 : 3 }, () => take(IN_VIEW));
  const pages = Array.from({ length: isWhole ? 3 : 2 }, () => take(ON_A_PAGE));
  const single = take(isWhole ? 96 : 40);
  if (single.length < 20) throw new UserError(`${files.length} pictures are too few for this bench.`);
  return { warm, views, pages, single };
}

/** The same picture as another site would have it: smaller, and compressed anew. */
async function altered({ name, bytes }: PictureFile): Promise<PictureFile> {
  const { width = 0 } = await sharp(bytes).metadata();
  const smaller = sharp(bytes).resize({ width: Math.max(1, Math.round(width * 0.8)) });
  return { name: `again-${name}`, type: "image/jpeg", bytes: await smaller.jpeg({ quality: 72 }).toBuffer() };
}

async function pair(judge: JudgeClient, peer: Peer, address: string, isOursFirst: boolean) {
  const ask = { ours: () => judge.judge(address), theirs: () => peer.judge(address) };
  if (isOursFirst) {
    const ours = await ask.ours();
    return { ours: ours.ms, theirs: (await ask.theirs()).ms };
  }
  const theirs = await ask.theirs();
  return { ours: (await ask.ours()).ms, theirs: theirs.ms };
}

interface Times {
  readonly ours: number[];
  readonly theirs: number[];
}

async function pairs(judge: JudgeClient, peer: Peer, addresses: readonly string[]): Promise<Times> {
  await Promise.all([judge.load(addresses), peer.load(addresses)]);
  const times: Times = { ours: [], theirs: [] };
  for (const [i, address] of addresses.entries()) {
    const { ours, theirs } = await pair(judge, peer, address, i % 2 === 0);
    times.ours.push(ours);
    times.theirs.push(theirs);
  }
  return times;
}

async function singly(
  judge: JudgeClient,
  peer: Peer,
  distinct: readonly string[],
  again: readonly string[],
): Promise<Row[]> {
  const first = await pairs(judge, peer, distinct);
  const repeats = await pairs(judge, peer, distinct);
  const near = await pairs(judge, peer, again);
  const total = (times: readonly number[]) => times.reduce((sum, ms) => sum + ms, 0);
  return [
    ratioRow("A distinct picture, all networks that it needs, to nsfwjs", 1, first),
    {
      what: "All distinct pictures together, to nsfwjs",
      value: total(first.ours) / total(first.theirs),
      unit: "ratio",
      target: { atMost: 1 },
      detail: `with the second network where it was asked; n = ${distinct.length}`,
    },
    ratioRow("The same picture again, to nsfwjs", 0.1, repeats),
    ratioRow("A near-duplicate (0.8 of the size, JPEG 72), to nsfwjs", 0.1, near),
  ];
}

function ratioRow(what: string, atMost: number, { ours, theirs }: Times): Row {
  const all = ratios(ours, theirs);
  const medians = `medians ${median(ours).toFixed(1)} and ${median(theirs).toFixed(1)} ms`;
  return { what, value: median(all), unit: "ratio", target: { atMost }, detail: `${spread(all)}, ${medians}` };
}

async function eachPage(page: Page, peer: Peer, empty: string, sets: readonly string[][]): Promise<Row[]> {
  const times: Times = { ours: [], theirs: [] };
  for (const [i, addresses] of sets.entries()) {
    const ours = async () => void times.ours.push((await revealed(page, empty, addresses)).allMs);
    const theirs = async () => void times.theirs.push(await readAndJudged(peer, addresses));
    await inTurn(i, ours, theirs);
  }
  return [ratioRow(`A page of ${ON_A_PAGE} distinct pictures wholly judged, to nsfwjs for the same`, 0.7, times)];
}

async function eachView(page: Page, bare: Peer, empty: string, sets: readonly string[][]): Promise<Row[]> {
  const times: Times = { ours: [], theirs: [] };
  const cached: Revelation[] = [];
  for (const [i, addresses] of sets.entries()) {
    const ours = async () => void times.ours.push((await revealed(page, empty, addresses)).allMs);
    const theirs = async () => void times.theirs.push(await readAndJudged(bare, addresses));
    await inTurn(i, ours, theirs);
    await sleep(QUIET_MS);
    cached.push(await revealed(page, empty, addresses));
  }
  const list = (of: readonly number[]) => of.map((ms) => ms.toFixed(0)).join(", ");
  return [
    ratioRow(`The first ${IN_VIEW} pictures of a page revealed, to bare fetch, decoding and light network`, 1.3, times),
    {
      what: `The same ${IN_VIEW} pictures on a new page, from the last one loaded to the last one revealed`,
      value: median(cached.map(({ afterLoadMs }) => afterLoadMs)),
      unit: "ms",
      target: { atMost: 30 },
      detail: `all: ${list(cached.map(({ afterLoadMs }) => afterLoadMs))} ms; from insertion ${list(cached.map(({ allMs }) => allMs))} ms`,
    },
  ];
}

/** Whoever comes second has as quiet a machine as who came first. */
async function inTurn(round: number, ours: () => Promise<void>, theirs: () => Promise<void>): Promise<void> {
  const both = round % 2 === 0 ? [ours, theirs] : [theirs, ours];
  for (const measure of both) {
    await sleep(QUIET_MS);
    await measure();
  }
}

/** How soon pictures were revealed after they had been put into an empty page. */
interface Revelation {
  readonly allMs: number;
  /** Since the last of them had loaded, which is the page's own doing. */
  readonly afterLoadMs: number;
}

async function revealed(page: Page, empty: string, addresses: readonly string[]): Promise<Revelation> {
  await page.bringToFront();
  await page.goto(empty);
  return page.evaluate(async (all) => {
    const startedAt = performance.now();
    let loadedAt = startedAt;
    await Promise.all(
      all.map((address) => {
        const image = new Image(200);
        image.onload = () => {
          loadedAt = performance.now();
        };
        image.src = address;
        document.body.append(image);
        return new Promise<void>((resolve) => {
          new MutationObserver(() => image.getAttribute("data-wardlight") && resolve()).observe(image, {
            attributeFilter: ["data-wardlight"],
          });
        });
      }),
    );
    return { allMs: performance.now() - startedAt, afterLoadMs: performance.now() - loadedAt };
  }, addresses);
}

/** Milliseconds in which a peer reads and judges these pictures, one after the other. */
async function readAndJudged({ page }: Peer, addresses: readonly string[]): Promise<number> {
  await page.bringToFront();
  return page.evaluate(async (all) => {
    const { peer } = globalThis as unknown as { peer: { judge(file: Blob): Promise<unknown> } };
    const startedAt = performance.now();
    for (const address of all) await peer.judge(await (await fetch(address)).blob());
    return performance.now() - startedAt;
  }, addresses);
}

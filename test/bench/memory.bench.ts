import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import sharp from "sharp";
import type { Bench, PictureFile, Row } from "./bench.ts";
import { extensionPss } from "./extension-memory.ts";
import { newPage } from "./pages.ts";
import { type Served, serveStage } from "./stage.ts";
import { median } from "./statistics.ts";

const TABS = 20;
const ON_A_PAGE = 50;
const IDLE_MS = 30_000;
const SAMPLE_MS = 250;

export const bench: Bench = {
  name: "memory",
  title: "Memory",
  builds: ["chromium"],
  async measure(context) {
    const { browser } = await context.open("chromium");
    const files = (await context.pictures()).files;
    const origin = await serveStage(context, {
      "/variant": ({ searchParams }) => variant(files, Number(searchParams.get("n"))),
      "/page": ({ searchParams }) => pageOf(Number(searchParams.get("from"))),
    });
    const samples: number[] = [];
    const sampler = setInterval(() => samples.push(extensionPss(browser)), SAMPLE_MS);
    context.onEnd(() => clearInterval(sampler));
    for (let tab = 0; tab < TABS; tab++) await visit(await newPage(browser), origin, tab * ON_A_PAGE);
    const atOnce = extensionPss(browser);
    context.say(`${TABS} tabs: ${atOnce.toFixed(0)} MiB`);
    clearInterval(sampler);
    await sleep(IDLE_MS);
    const idle = extensionPss(browser);
    const pages = await browser.pages();
    await Promise.all(pages.slice(1).map((page) => page.close()));
    const growth = await grow(context.isWhole ? 10_000 : 1_000, async (from) => {
      await visit(pages[0] as Page, origin, from);
      return extensionPss(browser);
    });
    return [
      memoryRow(
        `${TABS} tabs of ${ON_A_PAGE} pictures, after the last verdict`,
        atOnce,
        170,
        `peak ${Math.max(...samples).toFixed(0)} MiB`,
      ),
      memoryRow(`${IDLE_MS / 1000} s after the last verdict`, idle, 90, "the same tabs still open"),
      growth,
    ];
  },
};

function memoryRow(what: string, value: number, atMost: number, detail: string): Row {
  return { what: `Memory of all extension processes, ${what}`, value, unit: "MiB", target: { atMost }, detail };
}

/** Loads a page of pictures that nobody has seen yet and waits until each has its verdict. */
async function visit(page: Page, origin: string, from: number): Promise<void> {
  await page.bringToFront();
  await page.goto(`${origin}/page?from=${from}`);
  const allMarked = () => Array.from(document.images).every((image) => image.hasAttribute("data-wardlight"));
  await page.waitForFunction(allMarked, { timeout: 120_000, polling: 100 });
}

function pageOf(from: number): string {
  return Array.from({ length: ON_A_PAGE }, (_, i) => `<img width=150 src="/variant?n=${from + i}">`).join("");
}

/** A part of a picture, other for each number: distinct pictures without end. */
async function variant(files: readonly PictureFile[], n: number): Promise<Served> {
  const { bytes } = files[n % files.length] as PictureFile;
  const round = Math.floor(n / files.length);
  const { width = 0, height = 0 } = await sharp(bytes).metadata();
  const part = 0.9 - 0.08 * (round % 7);
  const size = { width: Math.ceil(width * part), height: Math.ceil(height * part) };
  const room = { left: width - size.width, top: height - size.height };
  const area = {
    ...size,
    left: Math.floor((room.left * (round % 5)) / 4),
    top: Math.floor((room.top * (round % 3)) / 2),
  };
  const picture = sharp(bytes)
    .extract(area)
    .flop(round % 2 === 1);
  return { type: "image/jpeg", body: await picture.jpeg({ quality: 80 }).toBuffer() };
}

/** How far the memory of the last fifth lies above that of the second: the first fills the caches. */
async function grow(count: number, judgeFrom: (from: number) => Promise<number>): Promise<Row> {
  const samples: number[] = [];
  const start = TABS * ON_A_PAGE;
  for (let done = 0; done < count; done += ON_A_PAGE) samples.push(await judgeFrom(start + done));
  const fifth = Math.floor(samples.length / 5);
  const [early, late] = [median(samples.slice(fifth, 2 * fifth)), median(samples.slice(-fifth))];
  return {
    what: `Growth of that memory over ${count.toLocaleString("en")} pictures`,
    value: late / early - 1,
    unit: "share",
    target: { atMost: 0.05 },
    detail: `${early.toFixed(0)} MiB in the second fifth, ${late.toFixed(0)} MiB in the last`,
  };
}

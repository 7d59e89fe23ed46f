import type { CDPSession, Page, Protocol } from "puppeteer-core";
import type { Bench, PictureFile } from "./bench.ts";
import { newPage } from "./pages.ts";
import { pictureRoute, serveStage } from "./stage.ts";
import { median } from "./statistics.ts";

const PICTURES = 500;
const SAMPLE_US = 200;
/** An ordinary line: on none at all, 500 pictures would load in no time. */
const LINE = { download: 50e6 / 8, upload: 10e6 / 8, latency: 20 };

export const bench: Bench = {
  name: "main-thread",
  title: "Main thread",
  builds: ["chromium"],
  async measure(context) {
    const { browser } = await context.open("chromium");
    const files = (await context.pictures()).files.slice(0, 50);
    const origin = await serveStage(context, {
      "/picture": pictureRoute(files),
      "/page": ({ search }) => pageOf(files, search),
    });
    // The extension is not in windows of a context of their own.
    const apart = await browser.createBrowserContext();
    const [guarded, bare]: [Visit[], Visit[]] = [[], []];
    for (let round = 0; round < (context.isWhole ? 9 : 3); round++) {
      guarded.push(await visit(await newPage(browser), `${origin}/page?${round}`, true));
      bare.push(await visit(await newPage(apart), `${origin}/page?${round}`, false));
    }
    const of = (visits: readonly Visit[], key: keyof Visit) => median(visits.map((one) => one[key]));
    const megabytes = (files.reduce((sum, { bytes }) => sum + bytes.length, 0) * PICTURES) / files.length / 1e6;
    return [
      {
        what: `Content script on the main thread, page of ${PICTURES} pictures, to the page's load without it`,
        value: of(guarded, "scriptMs") / of(bare, "loadMs"),
        unit: "share",
        target: { atMost: 0.03 },
        detail: `${of(guarded, "scriptMs").toFixed(0)} ms of processor time until the last verdict; ${of(bare, "loadMs").toFixed(0)} ms to load ${megabytes.toFixed(0)} MB over 50 Mbit/s; n = ${guarded.length}`,
      },
      {
        what: "All that this page's main thread does, with the extension to without",
        value: of(guarded, "taskMs") / of(bare, "taskMs"),
        unit: "ratio",
        detail: `${of(guarded, "taskMs").toFixed(0)} and ${of(bare, "taskMs").toFixed(0)} ms of processor time: hidden pictures are painted anew when revealed`,
      },
    ];
  },
};

/** @param visit makes the addresses new, so that nothing comes from the browser's cache. */
function pageOf(files: readonly PictureFile[], visit: string): string {
  const address = (i: number) =>
    `/picture/${encodeURIComponent((files[i % files.length] as PictureFile).name)}${visit}-${i}`;
  return Array.from({ length: PICTURES }, (_, i) => `<img width=90 height=70 src="${address(i)}">`).join("");
}

interface Visit {
  /** From navigation to the load event. */
  readonly loadMs: number;
  /** Processor time of the main thread until the last picture has its verdict or, without the extension, its load. */
  readonly taskMs: number;
  /** What of that went into the content script and what it calls. */
  readonly scriptMs: number;
}

async function visit(page: Page, address: string, isGuarded: boolean): Promise<Visit> {
  const client = await page.createCDPSession();
  await page.emulateNetworkConditions(LINE);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  await client.send("Profiler.enable");
  await client.send("Profiler.setSamplingInterval", { interval: SAMPLE_US });
  await page.bringToFront();
  await page.goto("about:blank");
  const before = await taskTime(client);
  await client.send("Profiler.start");
  await page.goto(address, { waitUntil: "load", timeout: 120_000 });
  if (isGuarded) {
    const allMarked = () => Array.from(document.images).every((image) => image.hasAttribute("data-wardlight"));
    await page.waitForFunction(allMarked, { timeout: 180_000, polling: 500 });
  }
  const { profile } = await client.send("Profiler.stop");
  const taskMs = (await taskTime(client)) - before;
  const loadMs = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    return navigation?.loadEventEnd ?? Number.NaN;
  });
  await page.close();
  return { loadMs, taskMs, scriptMs: taskMs * scriptShare(profile) };
}

async function taskTime(client: CDPSession): Promise<number> {
  const { metrics } = await client.send("Performance.getMetrics");
  return 1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
}

/**
 * Which part of a profile's busy time lies in functions of an extension's script and in what they call. A profile counts
 * the time on the wall, which other processes stretch; a share of it does not mind.
 */
export function scriptShare({ nodes, samples = [], timeDeltas = [] }: Protocol.Profiler.Profile): number {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const isOurs = (id: number | undefined): boolean =>
    id !== undefined && (frames.get(id)?.url.startsWith("chrome-extension://") || isOurs(parents.get(id)));
  const ours = new Set(nodes.map(({ id }) => id).filter(isOurs));
  let [inOurs, busy] = [0, 0];
  for (const [i, id] of samples.entries()) {
    const micros = timeDeltas[i + 1] ?? 0;
    if (frames.get(id)?.functionName !== "(idle)") busy += micros;
    if (ours.has(id)) inOurs += micros;
  }
  return busy > 0 ? inOurs / busy : 0;
}

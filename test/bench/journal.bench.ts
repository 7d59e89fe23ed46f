import type { Page } from "puppeteer-core";
import type { Bench, Row } from "./bench.ts";
import { median } from "./statistics.ts";

const OPTIONS = "src/extension/options/index.html";
const EVENTS = 500_000;
/** What a page's batch comes to; each becomes an entry. */
const BATCH = 50;
const DAYS = 360;
const OVERVIEWS = 7;

/** A year of journal in the browser's own database, looked at and reported on. */
export const bench: Bench = {
  name: "journal",
  title: "Journal",
  builds: ["chromium"],
  async measure(context) {
    const guarded = await context.open("chromium");
    const own = await guarded.openOwnPage(`${OPTIONS}#/about`);
    const seededMs = await fill(own, context.say);
    const opened: number[] = [];
    for (let round = 0; round < 5; round++)
      opened.push(await openJournal(await guarded.openOwnPage(`${OPTIONS}#/about`)));
    const shown: Shown[] = [];
    for (let round = 0; round < OVERVIEWS; round++) shown.push(await showOverview(own));
    const html = await report(own, "html");
    const json = await report(own, "json");
    const made = await backUp(own);
    return [
      {
        what: `Journal of ${EVENTS} events opens, from the address to the first entries`,
        value: median(opened),
        unit: "ms",
        target: { atMost: 300 },
        detail: `all: ${opened.map((ms) => ms.toFixed(0)).join(", ")} ms`,
      },
      {
        what: "Report of these events, a year, as a page, checked entry by entry",
        value: html.ms,
        unit: "ms",
        target: { atMost: 5_000 },
        detail: `${(html.bytes / 1e6).toFixed(0)} MB, at most 2,000 events listed`,
      },
      {
        what: "The same as JSON with every event",
        value: json.ms,
        unit: "ms",
        target: { atMost: 5_000 },
        detail: `${(json.bytes / 1e6).toFixed(0)} MB; ${EVENTS / BATCH} entries of ${BATCH}`,
      },
      {
        what: "Backup of the same journal: encrypted, then opened, restored on trial and checked",
        value: made.ms,
        unit: "ms",
        detail: `${(made.restoreMs / 1_000).toFixed(1)} s of them the restoring on trial; ${(made.bytes / 1e6).toFixed(0)} MB`,
      },
      {
        what: "Writing an entry of 50 events, through the message and after commit",
        value: seededMs / (EVENTS / BATCH),
        unit: "ms",
        detail: `mean of ${EVENTS / BATCH}, one after the other; counted for the overview too`,
      },
      ...overviewRows(shown),
    ];
  },
};

/** What the overview of the same year took, since its page was opened. */
interface Shown {
  readonly paint: number;
  readonly shown: number;
}

/** Opens the overview anew, as from the toolbar. */
async function showOverview(own: Page): Promise<Shown> {
  // A page behind another paints nothing.
  await own.bringToFront();
  await own.evaluate(() => {
    location.hash = "#/overview";
  });
  await own.reload({ waitUntil: [] });
  await own.waitForSelector('[data-testid="risk"]');
  return own.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
    shown: performance.getEntriesByName("overview-shown")[0]?.startTime ?? Number.NaN,
  }));
}

function overviewRows(rounds: readonly Shown[]): Row[] {
  const of = (name: keyof Shown) => rounds.map((round) => round[name]);
  const all = (name: keyof Shown) => of(name).map(Math.round).join(", ");
  return [
    {
      what: `Overview of a year, journal of ${EVENTS} events: from opening the page to its first paint`,
      value: median(of("paint")),
      unit: "ms",
      target: { atMost: 300 },
      detail: `median of ${OVERVIEWS}: ${all("paint")} ms`,
    },
    {
      what: "The same, until every chart is there",
      value: median(of("shown")),
      unit: "ms",
      detail: `${all("shown")} ms; 365 rows are read, no event`,
    },
  ];
}

async function fill(own: Page, say: (line: string) => void): Promise<number> {
  let total = 0;
  const steps = 50;
  for (let step = 0; step < steps; step++) {
    total += await own.evaluate(writeBatches, {
      first: (step * EVENTS) / steps,
      count: EVENTS / steps,
      all: EVENTS,
      batch: BATCH,
      days: DAYS,
    });
    if (step % 10 === 9) say(`${((step + 1) * EVENTS) / steps} events`);
  }
  return total;
}

/** Runs in the page. */
async function writeBatches(plan: { first: number; count: number; all: number; batch: number; days: number }) {
  const start = Date.now() - plan.days * 86_400_000;
  const began = performance.now();
  for (let i = plan.first; i < plan.first + plan.count; i += plan.batch) {
    // No function here has a name: the compiler would ask the page for a helper of its own.
    const request = Array.from({ length: plan.batch }, (_, j) => {
      const at = start + Math.floor(((i + j) / plan.all) * plan.days * 86_400_000);
      const base = { id: crypto.randomUUID(), at, site: `site-${(i + j) % 97}.example`, subject: "image" };
      if ((i + j) % 3 === 0) return { ...base, kind: "tally", subject: "text", allowed: ((i + j) % 40) + 1 };
      const score = ((i + j) % 1_000) / 1_000;
      return {
        ...base,
        kind: "verdict",
        context: "page",
        label: `https://site-${(i + j) % 97}.example/pictures/${i + j}/photograph.jpg`,
        category: score > 0.9 ? "sexual" : "safe",
        score,
        uncertainty: 0.03,
        action: score > 0.9 ? "blur" : "allow",
        reason: "judged",
        latencyMs: 31.25,
        evidence: ["porn", "hentai", "sexy"].map((name) => ({ kind: "class", name, score, detector: "image/nsfw" })),
        models: ["nsfw-mobilenet-v2@1.0.0", "nsfw-open-nsfw@1.0.0"],
      };
    });
    await chrome.runtime.sendMessage({ door: "journal", kind: "record", request });
  }
  return performance.now() - began;
}

/** From the change of the address to the frame in which entries stand. */
function openJournal(own: Page): Promise<number> {
  return own.evaluate(async () => {
    const began = performance.now();
    location.hash = "#/journal";
    while (!document.querySelector('[data-testid="event"]')) await new Promise((done) => requestAnimationFrame(done));
    return performance.now() - began;
  });
}

async function report(own: Page, format: string): Promise<{ ms: number; bytes: number }> {
  await own.evaluate(() => {
    location.hash = "#/reports";
  });
  await own.waitForSelector('input[name="range"][value="year"]');
  await own.$eval('input[name="range"][value="year"]', (input) => (input as HTMLInputElement).click());
  return timeFile(own, `save-${format}`);
}

/** On the page of reports. */
async function backUp(own: Page): Promise<{ ms: number; bytes: number; restoreMs: number }> {
  await own.type('[data-testid="backup-passphrase"]', "a passphrase for the bench");
  await own.waitForSelector('[data-testid="backup-make"]:not(:disabled)');
  const file = await timeFile(own, "backup-make");
  // What was made is noted after it was handed out.
  await own.waitForSelector('[data-testid="backup-make"]:not(:disabled)');
  const care = await own.evaluate(() => chrome.runtime.sendMessage({ door: "console", kind: "care", request: {} }));
  return { ...file, restoreMs: care.backup.restoreMs };
}

/** From a press of a button to the file that it makes. */
function timeFile(own: Page, button: string): Promise<{ ms: number; bytes: number }> {
  return own.evaluate(
    (name) =>
      new Promise<{ ms: number; bytes: number }>((resolve) => {
        const make = URL.createObjectURL;
        const began = performance.now();
        URL.createObjectURL = (blob: Blob) => {
          URL.createObjectURL = make;
          resolve({ ms: performance.now() - began, bytes: blob.size });
          return make.call(URL, blob);
        };
        document.querySelector<HTMLButtonElement>(`[data-testid="${name}"]`)?.click();
      }),
    button,
  );
}

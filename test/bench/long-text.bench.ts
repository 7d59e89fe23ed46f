import type { Page } from "puppeteer-core";
import { OPTIONS_PAGE, tabIdOf } from "../e2e/harness.ts";
import type { Bench } from "./bench.ts";
import { newPage } from "./pages.ts";
import { serveStage } from "./stage.ts";
import { median } from "./statistics.ts";

const CHARS = 200_000;
const LONG_MS = 50;
const WORDS =
  "The ferry leaves at nine and at four, and bicycles travel free of charge on <b>Sundays</b> in the summer. ";

/** What reading a long page costs its main thread. */
export const bench: Bench = {
  name: "long-text",
  title: "A long page",
  builds: ["chromium"],
  async measure(context) {
    const guarded = await context.open("chromium");
    const html = pageOf();
    const origin = await serveStage(context, { "/": () => html });
    const own = await guarded.openOwnPage(OPTIONS_PAGE);
    const visits: Tasks[] = [];
    for (let round = 0; round < (context.isWhole ? 9 : 3); round++) {
      const page = await newPage(guarded.browser);
      await page.bringToFront();
      visits.push(
        await traced(page, async () => {
          await page.goto(`${origin}/?${round}`);
          await isRead(own, await tabIdOf(own, `${origin}/?${round}`));
        }),
      );
      await page.close();
    }
    const longest = Math.max(...visits.map((visit) => visit.longestMs));
    const detail = `${CHARS} characters in ${html.split("<p").length - 1} paragraphs, a tenth of them hidden; n = ${visits.length}`;
    return [
      {
        what: `Tasks in which content scripts take more than ${LONG_MS} ms, page of ${CHARS.toLocaleString("en")} characters`,
        value: visits.reduce((sum, visit) => sum + visit.long, 0),
        unit: "count",
        target: { atMost: 0 },
        detail: `processor time; the most in a task: ${longest.toFixed(1)} ms; ${detail}`,
      },
      {
        what: "All that content scripts do on this page until its text is read",
        value: median(visits.map((visit) => visit.totalMs)),
        unit: "ms",
        detail,
      },
    ];
  },
};

function pageOf(): string {
  const paragraph = (i: number) =>
    `<p${i % 10 === 9 ? ' style="display:none"' : ""}>${i}. ${WORDS.repeat(1 + (i % 4))}<a href="#${i}">More</a></p>`;
  let html = "";
  for (let i = 0, chars = 0; chars < CHARS; i++) {
    html += paragraph(i);
    chars += WORDS.length * (1 + (i % 4));
  }
  return html;
}

/** Every piece has its verdict, and no further one comes. */
async function isRead(own: Page, tabId: number): Promise<void> {
  const read = () =>
    own.evaluate(async (tab) => {
      const summary = await chrome.tabs
        .sendMessage(tab, { door: "texts", kind: "summary", request: null }, { frameId: 0 })
        .catch(() => undefined);
      return Number(summary?.read ?? 0);
    }, tabId);
  for (let last = -1, now = await read(); now === 0 || now !== last; [last, now] = [now, await read()])
    await new Promise((resolve) => setTimeout(resolve, 1_000));
}

interface Tasks {
  /** How many tasks hold more than `LONG_MS` of content scripts. */
  readonly long: number;
  readonly longestMs: number;
  readonly totalMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ts: number;
  readonly dur?: number;
  /** Processor time of the thread, which other processes do not stretch. */
  readonly tdur?: number;
  readonly tid: number;
  readonly pid: number;
  readonly args: { readonly data?: { readonly url?: string } };
}

async function traced(page: Page, visit: () => Promise<void>): Promise<Tasks> {
  await page.tracing.start({ categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] });
  await visit();
  const trace = (await page.tracing.stop()) ?? new Uint8Array();
  return tasksOf(JSON.parse(new TextDecoder().decode(trace)).traceEvents);
}

/** Sums up the processor time of content scripts in each task; a function that calls another one is counted once. */
export function tasksOf(events: readonly TraceEvent[]): Tasks {
  const timed = events.filter(({ dur }) => dur !== undefined).toSorted((a, b) => a.ts - b.ts);
  const calls = timed.filter(
    ({ name, args }) =>
      /^(FunctionCall|EvaluateScript|v8.compile)$/.test(name) && /^chrome-ext.*\/content\//.test(args.data?.url ?? ""),
  );
  const outer = calls.filter((call) => !calls.some((other) => other !== call && holds(other, call)));
  const sums = new Map<TraceEvent | undefined, number>();
  const tasks = timed.filter(({ name }) => name === "RunTask");
  for (const call of outer) {
    const task = tasks.find((candidate) => holds(candidate, call));
    sums.set(task, (sums.get(task) ?? 0) + (call.tdur ?? call.dur ?? 0) / 1_000);
  }
  const all = [...sums.values()];
  return {
    long: all.filter((ms) => ms > LONG_MS).length,
    longestMs: Math.max(0, ...all),
    totalMs: all.reduce((sum, ms) => sum + ms, 0),
  };
}

function holds(outer: TraceEvent, inner: TraceEvent): boolean {
  const isSame = outer.tid === inner.tid && outer.pid === inner.pid;
  return isSame && outer.ts <= inner.ts && outer.ts + (outer.dur ?? 0) >= inner.ts + (inner.dur ?? 0);
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { type Kind, ROOT } from "../../scripts/setup.mjs";
import type { Bench, BenchContext, Row } from "./bench.ts";
import { newPage } from "./pages.ts";
import { serveStage } from "./stage.ts";
import { median } from "./statistics.ts";

export const bench: Bench = {
  name: "moving",
  title: "Moving pictures",
  builds: ["chromium", "firefox"],
  measure: async (context) => [...(await inBrowser("chromium", context)), ...(await inBrowser("firefox", context))],
};

/** A frame of the video, as the page got it on the screen. */
interface Shown {
  /** Milliseconds on the page's clock. */
  readonly at: number;
  /** The mean colour. */
  readonly colour: readonly [number, number, number];
}

/** What is done to the video from a moment on: null is nothing, which the style sheet covers. */
interface Mark {
  readonly at: number;
  readonly mark: string | null;
}

export interface Film {
  readonly frames: readonly Shown[];
  readonly marks: readonly Mark[];
}

async function inBrowser(kind: Kind, context: BenchContext): Promise<Row[]> {
  const guarded = await context.open(kind);
  const video = await readFile(join(ROOT, "test/fixtures/moving/scenes.webm"));
  const origin = await serveStage(context, {
    "/scenes.webm": () => ({ type: "video/webm", body: video }),
    "/page": () => '<video muted width="320" height="320" src="/scenes.webm" preload="auto"></video>',
  });
  const page = await newPage(guarded.browser);
  const films: Film[] = [];
  for (let n = 0; n < (context.isWhole ? 20 : 5); n++) films.push(await play(page, `${origin}/page?${n}`));
  // What comes before a video's first verdict is a matter of what is painted; the end-to-end tests look at that.
  const cuts = films.flatMap((film) => exposures(film).slice(1));
  return [
    {
      what: `After a video's scene cut, until it is covered again, at worst, ${kind}`,
      value: Math.max(...cuts),
      unit: "ms",
      detail: `${cuts.length} cuts seen in ${films.length} plays; median ${median(cuts).toFixed(0)} ms`,
    },
  ];
}

async function play(page: Page, address: string): Promise<Film> {
  await page.bringToFront();
  await page.goto(address);
  return page.evaluate(async () => {
    const video = document.querySelector("video") as HTMLVideoElement;
    const frames: Shown[] = [];
    const marks: Mark[] = [];
    const read = () => video.getAttribute("data-wardlight");
    marks.push({ at: performance.now(), mark: read() });
    // A mark is on the screen when the frame after the one that paints it begins.
    const note = () => {
      const mark = read();
      requestAnimationFrame(() => requestAnimationFrame((at) => marks.push({ at, mark })));
    };
    new MutationObserver(note).observe(video, { attributeFilter: ["data-wardlight"] });
    const paper = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const onFrame: VideoFrameRequestCallback = (_, { presentationTime, expectedDisplayTime }) => {
      paper?.drawImage(video, 0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = paper?.getImageData(0, 0, 1, 1).data ?? [];
      frames.push({ at: Math.min(presentationTime, expectedDisplayTime), colour: [red, green, blue] });
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
    const ended = new Promise((resolve) => video.addEventListener("ended", resolve));
    await video.play();
    await ended;
    return { frames, marks };
  });
}

/**
 * For each scene in turn, how long it was on the screen uncovered before the guard had taken notice of it: until the
 * cover came or, where it never did, until the scene's end. A verdict `blur` covers as well.
 */
export function exposures({ frames, marks }: Film): number[] {
  const starts = frames.flatMap(({ at, colour }, i) => (i === 0 || isCut(frames[i - 1]?.colour, colour) ? [at] : []));
  const end = frames.at(-1)?.at ?? 0;
  return starts.map((start, i) => {
    const until = starts[i + 1] ?? end;
    const isOpen = (mark: Mark | undefined) => mark?.mark === "shown";
    if (!isOpen(marks.findLast(({ at }) => at <= start))) return 0;
    const covered = marks.find((mark) => mark.at > start && mark.at <= until && !isOpen(mark));
    return (covered?.at ?? until) - start;
  });
}

function isCut(before: readonly number[] | undefined, now: readonly number[]): boolean {
  return now.some((value, i) => Math.abs(value - (before?.[i] ?? value)) > 24);
}

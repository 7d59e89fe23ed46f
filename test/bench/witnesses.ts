import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import sharp from "sharp";
import { coloursIn } from "./colours.ts";
import type { Look, WatchedScreen } from "./screen.ts";

/** The ways' colours that were to be seen at a moment, in milliseconds since the epoch. */
export type Seen = Pick<Look, "at" | "colours">;

/** Somebody who sees what a tab shows, as far as the browser lets him. */
export interface Witness {
  readonly name: string;
  /** Where he sees it, for the table. */
  readonly what: string;
  /** Gathers what the tab shows from now on until the function it answers with is called. */
  film(page: Page): Promise<() => Promise<Seen[]>>;
  /** What the tab shows now. */
  look(page: Page): Promise<Seen>;
}

/** Every frame that Chromium composes, with the moment at which it did. */
export const screencast: Witness = {
  name: "screencast",
  what: "in each frame that it composes",
  look: shot,
  async film(page) {
    const client = await page.createCDPSession();
    const frames: { at: number; image: Buffer }[] = [];
    client.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
      frames.push({ at: 1_000 * (metadata.timestamp ?? 0), image: Buffer.from(data, "base64") });
      void client.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
    });
    await client.send("Page.startScreencast", { format: "jpeg", quality: 95, everyNthFrame: 1 });
    return async () => {
      await client.send("Page.stopScreencast");
      await client.detach();
      return eachSeen(frames);
    };
  },
};

/**
 * Shots back to back; what one shows was there before it ended. Each is drawn when it is asked for, which can be between
 * two tasks of the page, where no frame is painted for a user.
 */
export const screenshots: Witness = {
  name: "screenshots",
  what: "in screenshots taken between two tasks",
  look: shot,
  async film(page) {
    const frames: { at: number; image: Uint8Array }[] = [];
    let isOver = false;
    const shooting = (async () => {
      while (!isOver) {
        const image = await page.screenshot({ type: "png" }).catch(() => undefined);
        if (image) frames.push({ at: Date.now(), image });
      }
    })();
    return async () => {
      isOver = true;
      await shooting;
      return eachSeen(frames);
    };
  },
};

/** What a user sees: the screen itself, read while nobody asks the browser for anything. */
export function onScreen(screen: WatchedScreen): Witness {
  let last: Seen | undefined;
  screen.watch((look) => {
    last = look;
  });
  return {
    name: "screen",
    what: "on the screen",
    async look() {
      while (!last) await sleep(10);
      return { ...last, at: Date.now() };
    },
    async film() {
      const seen: Seen[] = [];
      const stop = screen.watch((look) => seen.push(look));
      return async () => {
        stop();
        return seen;
      };
    },
  };
}

async function shot(page: Page): Promise<Seen> {
  const image = await page.screenshot({ type: "png" });
  const at = Date.now();
  return { at, colours: await coloursOf(image) };
}

/** One by one: a film is long. */
async function eachSeen(frames: readonly { at: number; image: Uint8Array }[]): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const { at, image } of frames) seen.push({ at, colours: await coloursOf(image) });
  return seen;
}

async function coloursOf(image: Uint8Array): Promise<Set<string>> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels: step } = info;
  return coloursIn(data, { width, height, stride: width * step, step, offset: 0, channels: [0, 1, 2] });
}

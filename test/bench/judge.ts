import type { Guarded } from "../../scripts/browser.mjs";
import type { PageAction, Sighting, ToPage } from "../../src/extension/messages.ts";
import { openOwnPage } from "./pages.ts";

const OPTIONS_PAGE = "src/extension/options/index.html";

export interface Judged {
  readonly ms: number;
  readonly action: PageAction;
}

/** The built extension's judge, asked over the very port that content scripts use. */
export interface JudgeClient {
  /** Reads files beforehand, so that only judging is timed. */
  load(addresses: readonly string[]): Promise<void>;
  /** Milliseconds from the file's bytes to the action: port, decoding, networks, decision. */
  judge(address: string): Promise<Judged>;
  close(): Promise<void>;
}

interface JudgeWorld {
  files: Map<string, Uint8Array>;
  judge(src: string): Promise<Judged>;
}

export async function openJudge(guarded: Guarded): Promise<JudgeClient> {
  const page = await openOwnPage(guarded, OPTIONS_PAGE);
  await page.evaluate(connect);
  return {
    load: (addresses) =>
      page.evaluate(async (all) => {
        const world = globalThis as unknown as JudgeWorld;
        world.files = new Map();
        for (const address of all) {
          world.files.set(address, new Uint8Array(await (await fetch(address)).arrayBuffer()));
        }
      }, addresses),
    judge: (address) => page.evaluate((src) => (globalThis as unknown as JudgeWorld).judge(src), address),
    close: () => page.close(),
  };
}

/** Runs in the page: what a content script does, without a page's pictures. */
async function connect(): Promise<void> {
  const world = globalThis as unknown as JudgeWorld;
  await chrome.runtime.sendMessage({ door: "guard", kind: "wake", request: null });
  const port = chrome.runtime.connect({ name: "judge" });
  const waiting = new Map<string, (action: PageAction) => void>();
  const ready = new Promise<void>((resolve) => {
    port.onMessage.addListener((message: ToPage) => {
      if (message.kind === "ready") resolve();
      else for (const action of message.actions) waiting.get(action.id)?.(action);
    });
  });
  await ready;
  world.judge = async (src) => {
    const id = crypto.randomUUID();
    const answer = new Promise<PageAction>((resolve) => waiting.set(id, resolve));
    const bytes = world.files.get(src) as Uint8Array;
    const sighting: Sighting = { kind: "image", id, context: "page", src, bytes };
    const startedAt = performance.now();
    port.postMessage({ kind: "judge", sightings: [sighting] });
    const action = await answer;
    waiting.delete(id);
    return { ms: performance.now() - startedAt, action };
  };
}

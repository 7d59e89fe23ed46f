import type { Page } from "puppeteer-core";
import { expect, vi } from "vitest";
import { noticeButtons } from "../../scripts/notice.mjs";
import type { BoxKind } from "../fixtures/chat.ts";

/** A browser on a busy machine may take so long. */
export const SOON = { timeout: 20_000, interval: 100 };
let visits = 0;

/** What a test does with the page. */
export type Chat = ReturnType<typeof chatOn>;

/** The chat of fixtures/chat.ts in one page of a browser, as its user works with it. */
export function chatOn(page: Page, origin: string) {
  const open = async () => {
    // Never the page of before: browsers would give its boxes back what stood in them.
    await page.goto(`${origin}/?${++visits}`);
    await page.waitForFunction(
      () => (document.querySelector("iframe")?.contentDocument?.querySelector("#frame") ?? null) !== null,
    );
  };
  const within = (box: BoxKind, body: "text" | "focus") => boxOn(page, box, body);
  const sent = () => page.evaluate(() => (globalThis as unknown as { sent: string[] }).sent);
  const isTold = () =>
    page.evaluate(() => {
      const docs = [document, document.querySelector("iframe")?.contentDocument];
      return docs.some((one) => one?.querySelector("html > div:popover-open") != null);
    });
  const told = (expected: boolean) => vi.waitFor(async () => expect(await isTold()).toBe(expected), SOON);

  /** By its place in the note, counted from 0. */
  const press = async (which: 0 | 1 | 2) => {
    const place = await vi.waitFor(async () => {
      const found = (await noticeButtons(page))[which];
      if (!found) throw new Error("no such button on the screen");
      return found;
    }, SOON);
    await page.mouse.click(place.x, place.y);
  };

  const dropOn = (box: BoxKind, words: string, what: "text" | "file") => dropInto(page, box, words, what);

  /** Nothing is left in the box, nor a note beside it. */
  const empty = async (box: BoxKind) => {
    await within(box, "focus");
    await page.keyboard.type("x");
    await chord(page, "a");
    await page.keyboard.press("Backspace");
    await told(false);
  };

  /** On the clipboard, by the user's own keys. */
  const copied = async (text: string) => {
    await page.$eval("#source", (source, words) => Object.assign(source, { value: words }), text);
    await page.focus("#source");
    for (const key of ["a", "c"] as const) await chord(page, key);
  };

  return { page, open, within, sent, isTold, told, press, dropOn, empty, copied };
}

/** With the control key held. */
export async function chord(page: Page, key: "a" | "c" | "v") {
  await page.keyboard.down("Control");
  await page.keyboard.press(key);
  await page.keyboard.up("Control");
}

/** The box itself: the page knows its own closed tree, and reads its frame. */
function boxOn(page: Page, box: BoxKind, body: "text" | "focus"): Promise<string> {
  return page.evaluate(
    (id, what) => {
      const frame = document.querySelector("iframe")?.contentDocument;
      const mine = (globalThis as unknown as { closedBox: HTMLTextAreaElement }).closedBox;
      const found =
        id === "frame" ? frame?.querySelector("#frame") : id === "closed" ? mine : document.getElementById(id);
      const element = found as HTMLTextAreaElement;
      if (what === "focus") {
        if (id === "frame") (document.querySelector("iframe") as HTMLIFrameElement).focus();
        element.focus();
      }
      return element.value ?? element.innerText;
    },
    box,
    body,
  );
}

/** What a page can do of a drag: the event, with a text or a text file in it. */
function dropInto(page: Page, box: BoxKind, words: string, what: "text" | "file"): Promise<void> {
  return page.evaluate(
    (id, brought, as) => {
      const inner = document.querySelector("iframe") as HTMLIFrameElement;
      const mine = (globalThis as unknown as { closedBox: HTMLElement }).closedBox;
      const [doc, view] = id === "frame" ? [inner.contentDocument, inner.contentWindow] : [document, window];
      const element = id === "closed" ? mine : doc?.getElementById(id);
      const { DataTransfer: Data, DragEvent: Drag, File: TextFile } = view as unknown as typeof globalThis;
      const dataTransfer = new Data();
      if (as === "text") dataTransfer.setData("text/plain", brought);
      else dataTransfer.items.add(new TextFile([brought], "note.txt", { type: "text/plain" }));
      const { left = 0, top = 0 } = element?.getBoundingClientRect() ?? {};
      const init = { bubbles: true, cancelable: true, composed: true, clientX: left + 5, clientY: top + 5 };
      element?.dispatchEvent(new Drag("drop", { ...init, dataTransfer }));
    },
    box,
    words,
    what,
  );
}

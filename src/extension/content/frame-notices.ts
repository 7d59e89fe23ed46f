import { t } from "../browser.ts";
import type { FrameNotice } from "../messages.ts";
import { element, shadowBox } from "./shadow-box.ts";
import { reasonOf } from "./words.ts";

const STYLE = `
div { display: flex; gap: 8px; align-items: center; justify-content: center; box-sizing: border-box; width: 100%;
  height: 100%; padding: 4px 8px; overflow: hidden; font: 14px/1.4 system-ui, sans-serif; text-align: center;
  color: #14203c; background: #eaeef6; border: 1px dashed #7c88a3; border-radius: 4px; overflow-wrap: anywhere; }
button { flex: none; min-height: 28px; border: 1px solid currentcolor; border-radius: 6px; background: none; color: inherit;
  font: inherit; cursor: pointer; }
button:focus-visible { outline: 3px solid #b86f00; }
@media (prefers-color-scheme: dark) { div { color: #e9edf7; background: #151f36; border-color: #6f7fa6; } }`;

const GAP_PX = 12;
const ROW_PX = 56;

/**
 * Lays a notice over each frame that was stopped. The frame itself cannot speak: a page of ours in it would have to be
 * open to every page on the web. Chrome takes a refused frame out of the page: then the notice stands in a corner,
 * unless the page itself had hidden the frame.
 */
export class FrameNotices {
  readonly #notices = new Map<HTMLIFrameElement, HTMLElement>();
  readonly #onMove = () => this.#place();
  readonly #sizes = new ResizeObserver(this.#onMove);

  constructor(stopping: AbortSignal) {
    for (const type of ["scroll", "resize"]) {
      addEventListener(type, this.#onMove, { capture: true, passive: true, signal: stopping });
    }
    stopping.addEventListener("abort", () => {
      this.#sizes.disconnect();
      for (const host of this.#notices.values()) host.remove();
    });
  }

  show(notice: FrameNotice): void {
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.src !== notice.url || this.#notices.has(frame)) continue;
      const words = t("notice_frame", notice.host, reasonOf(notice));
      // The frame's own name is what a screen reader speaks of it.
      frame.title = words;
      const host = noticeOf(words);
      document.documentElement.append(host);
      this.#notices.set(frame, host);
      this.#sizes.observe(frame);
    }
    this.#place();
  }

  #place() {
    let corner = GAP_PX;
    for (const [frame, host] of this.#notices) {
      const { left, top, width, height } = frame.getBoundingClientRect();
      const isInPlace = width > 1 && height > 1;
      const isShown = frame.isConnected && (isInPlace || isMeantToBeSeen(frame));
      const inCorner = {
        left: `${GAP_PX}px`,
        bottom: `${corner}px`,
        width: "min(26rem, 80vw)",
        height: "auto",
        top: "auto",
      };
      const box = isInPlace
        ? { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px`, bottom: "auto" }
        : inCorner;
      const rules = { ...box, display: isShown ? "block" : "none" };
      for (const [name, value] of Object.entries(rules)) host.style.setProperty(name, value, "important");
      if (isShown && !isInPlace && host.isConnected) corner += ROW_PX;
    }
  }
}

function noticeOf(words: string): HTMLElement {
  const { host, inside } = shadowBox(STYLE);
  host.dataset.wardlightFrame = "";
  const hide = element("button", { type: "button", "aria-label": t("notice_hide"), title: t("notice_hide") }, "✕");
  hide.addEventListener("click", () => host.remove());
  inside.append(element("div", { role: "note" }, element("span", {}, words), hide));
  return host;
}

/** A frame that is out of the page still knows how large it was to be. */
function isMeantToBeSeen(frame: HTMLIFrameElement): boolean {
  const { display, visibility, width, height } = getComputedStyle(frame);
  const isSized = [width, height].every((side) => !(Number.parseFloat(side) <= 1));
  return display !== "none" && visibility === "visible" && isSized;
}

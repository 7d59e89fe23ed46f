import { t } from "../browser.ts";
import type { FrameNotice } from "../messages.ts";
import { element, shadowBox } from "./shadow-box.ts";
import { reasonOf } from "./words.ts";

const STYLE = `
p { display: grid; place-content: center; box-sizing: border-box; width: 100%; height: 100%; margin: 0; padding: 4px 8px;
  overflow: hidden; font: 14px/1.4 system-ui, sans-serif; text-align: center; color: #14203c; background: #eaeef6;
  border: 1px dashed #7c88a3; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { p { color: #e9edf7; background: #151f36; border-color: #6f7fa6; } }`;

/**
 * Lays a notice over each frame that was stopped. The frame itself cannot speak: a page of ours in it would have to be
 * open to every page on the web.
 */
export class FrameNotices {
  readonly #notices = new Map<HTMLIFrameElement, HTMLElement>();
  readonly #onMove = () => this.#place();

  constructor(stopping: AbortSignal) {
    for (const type of ["scroll", "resize"]) {
      addEventListener(type, this.#onMove, { capture: true, passive: true, signal: stopping });
    }
    stopping.addEventListener("abort", () => {
      for (const host of this.#notices.values()) host.remove();
    });
  }

  show(notice: FrameNotice): void {
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.src !== notice.url || this.#notices.get(frame)?.isConnected) continue;
      const words = t("notice_frame", notice.host, reasonOf(notice));
      const { host, inside } = shadowBox(STYLE);
      host.dataset.wardlightFrame = "";
      inside.append(element("p", { role: "note" }, words));
      // The frame's own name is what a screen reader speaks of it.
      frame.title = words;
      document.documentElement.append(host);
      this.#notices.set(frame, host);
      new ResizeObserver(this.#onMove).observe(frame);
    }
    this.#place();
  }

  #place() {
    for (const [frame, host] of this.#notices) {
      const { left, top, width, height } = frame.getBoundingClientRect();
      const isGone = !frame.isConnected;
      if (isGone) host.remove();
      if (isGone) this.#notices.delete(frame);
      const box = { left, top, width, height };
      for (const [side, value] of Object.entries(box)) host.style.setProperty(side, `${value}px`, "important");
      host.style.setProperty("display", width > 1 && height > 1 ? "block" : "none", "important");
    }
  }
}

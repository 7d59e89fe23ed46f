import { type MessageKey, t } from "../browser.ts";
import type { HiddenText } from "../text-messages.ts";
import { element, shadowBox } from "./shadow-box.ts";

const STYLE = `
:host { inset: 0 0 0 auto !important; margin: 0 !important; border: 0 !important; padding: 0 !important;
  width: min(430px, 100vw) !important; height: auto !important; max-height: none !important; background: none !important;
  overflow: visible !important; color-scheme: light dark !important; }
:host(:not(:popover-open)) { display: none !important; }
section { box-sizing: border-box; display: grid; grid-template-rows: auto 1fr; height: 100vh; text-align: start;
  background: light-dark(#f5f7fb, #101b35); color: light-dark(#14203c, #e9edf7); border-inline-start: 4px solid #e8a33d;
  box-shadow: -8px 0 32px rgb(8 13 26 / 35%); overflow-wrap: anywhere;
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header { display: grid; grid-template-columns: 1fr auto; gap: 4px 12px; padding: 14px 16px 12px;
  border-bottom: 1px solid light-dark(#d6dcea, #2c3a58); }
h2 { margin: 0; font-size: 16px; font-weight: 650; }
header p { grid-column: 1; margin: 0; color: light-dark(#515d79, #a7b3cf); font-size: 13px; }
button { align-self: start; grid-area: 1 / 2 / 3; min-height: 34px; padding: 3px 13px; border: 1px solid light-dark(#7c88a3, #6f7fa6);
  border-radius: 9px; background: none; color: inherit; font: inherit; font-weight: 550; cursor: pointer; }
button:hover { background: light-dark(#e3e8f2, #24314f); }
button:focus-visible, ul:focus-visible { outline: 3px solid light-dark(#b86f00, #f5b445); outline-offset: -3px; }
ul { margin: 0; padding: 12px 16px 24px; list-style: none; overflow: auto; }
li { margin: 0 0 10px; padding: 10px 12px; border: 1px solid light-dark(#d6dcea, #2c3a58); border-radius: 10px;
  background: light-dark(#fff, #182544); }
li.marked { border-color: #e8a33d; background: light-dark(#fff6e3, #2e2616); }
li p { margin: 0; white-space: pre-wrap; }
li p.means { margin-bottom: 4px; color: light-dark(#515d79, #a7b3cf); font-size: 12.5px; }
li.marked p.means { color: light-dark(#7a4500, #f5c878); font-weight: 600; }
`;

/** What stands on the page and not before the user's eyes, beside it, in a tree that the page cannot read. */
export class HiddenPanel {
  #host: HTMLElement | undefined;

  constructor(signal: AbortSignal) {
    const onKey = (event: KeyboardEvent) => event.isTrusted && event.key === "Escape" && this.close();
    addEventListener("keydown", onKey, { signal, capture: true });
    signal.addEventListener("abort", () => this.close());
  }

  show(texts: readonly HiddenText[]): void {
    this.close();
    if (texts.length === 0 || !(document.documentElement instanceof HTMLElement)) return;
    const { host, inside } = shadowBox(STYLE);
    host.popover = "manual";
    const close = element("button", { type: "button" }, t("hidden_close"));
    close.addEventListener("click", (event) => event.isTrusted && this.close());
    const list = element("ul", { tabindex: "0" }, ...texts.map(itemOf));
    const head = element("header", {}, element("h2", {}, t("hidden_title")), close, element("p", {}, t("hidden_lead")));
    inside.append(element("section", { role: "dialog", "aria-label": t("hidden_title") }, head, list));
    document.documentElement.append(host);
    host.showPopover();
    this.#host = host;
  }

  close(): void {
    this.#host?.remove();
    this.#host = undefined;
  }
}

function itemOf({ text, concealments, isMarked }: HiddenText): HTMLElement {
  const means = concealments.map(meansOf).join(" · ");
  const says = isMarked ? `${t("hidden_marked")} · ${means}` : means;
  return element(
    "li",
    isMarked ? { class: "marked" } : {},
    element("p", { class: "means" }, says),
    element("p", { dir: "auto" }, text.trim()),
  );
}

/** By which means a text is hidden, in words. */
export function meansOf(concealment: HiddenText["concealments"][number]): string {
  return t(`concealed_${concealment.replace("-", "_")}` as MessageKey);
}

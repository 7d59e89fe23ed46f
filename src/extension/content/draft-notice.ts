import { element, shadowBox } from "./shadow-box.ts";

/** What a press does; only the user's own counts. */
export interface NoticeButton {
  readonly label: string;
  onPress(): void;
}

/** What a note says and offers; the first button is the one that is advised. */
export interface NoticeText {
  readonly title: string;
  readonly lines: readonly string[];
  readonly buttons: readonly NoticeButton[];
  /** Something waits for the user's word. */
  readonly isHeld?: boolean;
}

const GAP_PX = 6;
const MARGIN_PX = 8;

const STYLE = `
:host { all: initial !important; position: fixed !important; inset: 0 auto auto 0 !important; margin: 0 !important;
  border: 0 !important; padding: 0 !important; background: none !important; overflow: visible !important;
  width: 0 !important; height: 0 !important; color-scheme: light dark !important; }
:host(:not(:popover-open)) { display: none !important; }
section { position: fixed; box-sizing: border-box; width: max-content; max-width: min(440px, calc(100vw - 16px));
  padding: 9px 12px; border: 1px solid light-dark(#c9d1e2, #34425f); border-left: 4px solid #e8a33d; border-radius: 11px;
  background: light-dark(#fff, #151f36); color: light-dark(#14203c, #e9edf7); box-shadow: 0 6px 24px rgb(8 13 26 / 30%);
  font: 14px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; text-align: start; }
section.held { border-left-color: #d1495b; }
strong { display: block; font-weight: 650; }
p { margin: 2px 0 0; font-size: 13px; white-space: pre-wrap; max-height: 30vh; overflow: auto; }
p + p { color: light-dark(#515d79, #a7b3cf); font-size: 12.5px; }
div { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; }
div:empty { display: none; }
button { min-height: 30px; padding: 2px 11px; border: 1px solid light-dark(#7c88a3, #6f7fa6); border-radius: 8px;
  background: none; color: inherit; font: inherit; font-size: 13px; font-weight: 550; cursor: pointer; }
button:first-child { border-color: #f5b445; background: #f5b445; color: #1a1405; }
button:hover { background: light-dark(#eaeef6, #24314f); }
button:first-child:hover { background: #ffc565; }
button:focus-visible { outline: 3px solid light-dark(#b86f00, #f5b445); outline-offset: 2px; }
`;

/** Where something stands on the screen. */
export type Anchor = () => Pick<DOMRect, "left" | "top" | "bottom">;

/**
 * A note beside a box, above everything, in a closed shadow tree: the page cannot read what it says. It takes no focus,
 * so that writing goes on, and only presses that the user makes count.
 */
export class DraftNotice {
  readonly #host: HTMLElement;
  readonly #section = element("section", { role: "status" });
  #anchor: Anchor | undefined;

  constructor(signal: AbortSignal) {
    const { host, inside } = shadowBox(STYLE);
    this.#host = host;
    host.popover = "manual";
    inside.append(this.#section);
    // A press on a button would take the focus out of the box.
    this.#section.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#section.addEventListener("mousedown", (event) => event.preventDefault());
    const follow = () => this.isOpen && this.#place();
    addEventListener("scroll", follow, { signal, capture: true, passive: true });
    addEventListener("resize", follow, { signal, passive: true });
    signal.addEventListener("abort", () => this.close());
  }

  get isOpen(): boolean {
    return this.#host.isConnected;
  }

  /** Whether an event comes from the note itself. */
  holds(event: Event): boolean {
    return event.composedPath().includes(this.#host);
  }

  open(anchor: Anchor, { title, lines, buttons, isHeld = false }: NoticeText): void {
    this.#anchor = anchor;
    this.#section.className = isHeld ? "held" : "";
    const row = element("div", {}, ...buttons.map(buttonOf));
    const texts = lines.filter(Boolean).map((line) => element("p", { dir: "auto" }, line));
    this.#section.replaceChildren(element("strong", {}, title), ...texts, row);
    if (!this.#host.isConnected) document.documentElement.append(this.#host);
    if (!this.#host.matches(":popover-open")) this.#host.showPopover();
    this.#place();
  }

  close(): void {
    this.#host.remove();
  }

  /** Above what it speaks of, where the answers of a chat stand; below it where there is no room. */
  #place() {
    const box = this.#anchor?.();
    if (!box) return;
    const { width, height } = this.#section.getBoundingClientRect();
    const above = box.top - height - GAP_PX;
    const top = above >= MARGIN_PX ? above : Math.min(box.bottom + GAP_PX, innerHeight - height - MARGIN_PX);
    const left = Math.max(MARGIN_PX, Math.min(box.left, innerWidth - width - MARGIN_PX));
    Object.assign(this.#section.style, { left: `${left}px`, top: `${Math.max(MARGIN_PX, top)}px` });
  }
}

function buttonOf({ label, onPress }: NoticeButton): HTMLElement {
  const button = element("button", { type: "button" }, label);
  button.addEventListener("click", (event) => event.isTrusted && onPress());
  return button;
}

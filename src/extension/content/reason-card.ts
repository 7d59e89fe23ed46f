import { claim } from "./own.ts";

/** What a card says and offers. */
export interface CardText {
  readonly title: string;
  readonly lines: readonly string[];
  readonly buttons: readonly { readonly label: string; readonly hint?: string; onPress(): void }[];
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const GAP_PX = 8;

/**
 * Where a card goes: into the upper left corner of what it explains, where a player has no controls; below it, or above
 * it, where there is no room inside. Always within the viewport.
 */
export function placeOf(target: Box, card: Pick<Box, "width" | "height">, viewport: Pick<Box, "width" | "height">) {
  const isRoomy = target.width >= card.width + 2 * GAP_PX && target.height >= 1.5 * card.height;
  const below = target.top + target.height + GAP_PX;
  const isRoomBelow = below + card.height + GAP_PX <= viewport.height;
  const outside = isRoomBelow ? below : target.top - card.height - GAP_PX;
  const within = (at: number, room: number) => Math.max(GAP_PX, Math.min(at, room - GAP_PX));
  return {
    left: within(target.left + (isRoomy ? GAP_PX : 0), viewport.width - card.width),
    top: within(isRoomy ? target.top + GAP_PX : outside, viewport.height - card.height),
  };
}

const STYLE = `
:host { all: initial !important; display: block !important; position: fixed !important; inset: 0 auto auto 0 !important;
  width: 0 !important; height: 0 !important; overflow: visible !important; color-scheme: light dark !important; }
:host(:not(:popover-open)) { display: none !important; }
div { position: fixed; box-sizing: border-box; width: max-content; max-width: min(340px, calc(100vw - 16px)); padding: 12px 14px;
  border: 1px solid light-dark(#c9d1e2, #34425f); border-left: 4px solid #e8a33d; border-radius: 12px; text-align: start;
  background: light-dark(#fff, #151f36); color: light-dark(#14203c, #e9edf7); box-shadow: 0 6px 24px rgb(8 13 26 / 35%);
  font: 14px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
strong { display: block; font-size: 14px; font-weight: 650; }
p { margin: 3px 0 0; }
p + p { color: light-dark(#515d79, #a7b3cf); font-size: 12.5px; }
span { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 10px; }
span:empty { display: none; }
button { min-height: 32px; padding: 3px 12px; border: 1px solid light-dark(#7c88a3, #6f7fa6); border-radius: 9px;
  background: none; color: inherit; font: inherit; font-weight: 550; cursor: pointer; }
button:first-child { border-color: #f5b445; background: #f5b445; color: #1a1405; }
button:hover { background: light-dark(#eaeef6, #24314f); }
button:first-child:hover { background: #ffc565; }
button:focus-visible { outline: 3px solid light-dark(#b86f00, #f5b445); outline-offset: 2px; }
`;

/**
 * One small card above everything on the page, in a closed shadow tree: the page can see that it is there, but neither
 * read nor restyle it, nor press its buttons.
 */
export class ReasonCard {
  #host: HTMLElement | undefined;
  #root: ShadowRoot | undefined;
  #body: HTMLElement | undefined;

  get isOpen(): boolean {
    return this.#host?.matches(":popover-open") ?? false;
  }

  /** Whether an event of the page's comes from the card. */
  holds(target: EventTarget | null): boolean {
    return target !== null && target === this.#host;
  }

  open(text: CardText, beside: Box): void {
    // A drawing opened by itself has no place for it; its labels say why.
    if (!(document.documentElement instanceof HTMLElement)) return;
    const { host, body } = this.#ensure();
    body.replaceChildren(...contentOf(text));
    if (!this.isOpen) host.showPopover();
    const room = { width: document.documentElement.clientWidth, height: innerHeight };
    const { left, top } = placeOf(beside, body.getBoundingClientRect(), room);
    Object.assign(body.style, { left: `${left}px`, top: `${top}px` });
  }

  focus(): void {
    this.#body?.querySelector("button")?.focus();
  }

  /** Whether Tab, or Shift and Tab, would leave its buttons. */
  isAtEdge(isBackward: boolean): boolean {
    const buttons = [...(this.#body?.querySelectorAll("button") ?? [])];
    return this.#root?.activeElement === buttons.at(isBackward ? 0 : -1);
  }

  close(): void {
    this.#host?.remove();
  }

  #ensure() {
    this.#host ??= element("div");
    if (!this.#body) {
      claim(this.#host);
      this.#host.popover = "manual";
      this.#body = element("div");
      this.#body.role = "status";
      this.#root = this.#host.attachShadow({ mode: "closed" });
      this.#root.append(element("style", STYLE), this.#body);
    }
    if (!this.#host.isConnected) document.documentElement.append(this.#host);
    return { host: this.#host, body: this.#body };
  }
}

function contentOf({ title, lines, buttons }: CardText): Element[] {
  const row = element("span");
  for (const { label, hint, onPress } of buttons) {
    const button = element("button", label);
    if (hint) button.title = hint;
    // A page can make clicks of its own; only the user's count.
    button.addEventListener("click", (event) => event.isTrusted && onPress());
    row.append(button);
  }
  return [element("strong", title), ...lines.map((line) => element("p", line)), row];
}

function element(name: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

import { browser, type MessageKey, shadowTreeOf, t } from "../browser.ts";
import type { PageAction } from "../messages.ts";
import { lastWords } from "./last-words.ts";
import { type CardText, ReasonCard } from "./reason-card.ts";
import { type Fate, heldBehind, veiled, veilOf } from "./veil.ts";

const OPEN_AFTER_MS = 150;
/** What lies behind other content is passed over all the time. */
const OPEN_BEHIND_AFTER_MS = 600;
const CLOSE_AFTER_MS = 350;
const NOTICE_MS = 4_000;
/** A player's own buttons lie over its video; what is further away in the tree covers it for another reason. */
const OVERLAY_LEVELS = 3;

/** The words for scores from so high; they are no calibrated probabilities, so none is named. */
const SURENESS: readonly (readonly [number, MessageKey])[] = [
  [0.9, "why_sureHigh"],
  [0.75, "why_sureMedium"],
  [0, "why_sureLow"],
];

/** What the card's buttons do. */
export interface Wishes {
  reveal(element: Element): void;
  /** The picture judged under this id was withheld wrongly. */
  dispute(id: string): void;
  /** Resolves when the site is exempt. */
  allowSite(): Promise<void>;
}

/** Tells why a picture is withheld, when the user points at it or comes to it by keyboard, and what can be done. */
export class Explainer {
  readonly #wishes: Wishes;
  readonly #card = new ReasonCard();
  #about: Element | undefined;
  /** What had the focus when the card opened; it leads into the card and back. */
  #from: Element | undefined;
  /** Behind what has the focus a picture is explained once, so that the way through the page stays short. */
  readonly #told = new WeakSet<Element>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param signal ends the explaining. */
  constructor(wishes: Wishes, signal: AbortSignal) {
    this.#wishes = wishes;
    const options = { capture: true, passive: true, signal };
    addEventListener("pointerover", (event) => event.isTrusted && this.#onPointer(event), options);
    document.addEventListener("pointerleave", () => this.#leave(), options);
    addEventListener("scroll", () => this.#close(), options);
    addEventListener("focusin", (event) => event.isTrusted && this.#onFocus(this.#targetOf(event)), options);
    addEventListener("keydown", (event) => event.isTrusted && this.#onKey(event), { capture: true, signal });
    addEventListener("click", (event) => event.isTrusted && this.#onPress(event), { capture: true, signal });
    addEventListener("contextmenu", (event) => event.isTrusted && this.#onLongPress(event), options);
    signal.addEventListener("abort", () => this.#close());
  }

  #onPointer(event: PointerEvent) {
    const target = this.#targetOf(event);
    if (this.#card.holds(target)) return clearTimeout(this.#timer);
    const found = isTouch(event) ? undefined : withheldAt(target, event.clientX, event.clientY);
    if (!found) return this.#leave();
    if (found === this.#about && this.#card.isOpen) return clearTimeout(this.#timer);
    this.#later(veilOf(found) ? OPEN_AFTER_MS : OPEN_BEHIND_AFTER_MS, () => this.#open(found));
  }

  #onFocus(target: EventTarget | null) {
    if (this.#card.holds(target) || !(target instanceof Element)) return;
    const about = veilOf(target) ? target : heldAround(target);
    if (!about || this.#told.has(about) || !target.matches(":focus-visible")) return this.#leave();
    if (about !== target) this.#told.add(about);
    this.#open(about, target);
  }

  /** Tab leads from the picture into its card and back: the card stands at the end of the page, far from its picture. */
  #onKey(event: KeyboardEvent) {
    if (/^(Enter| )$/.test(event.key)) return this.#onPress(event);
    if (!this.#card.isOpen) return;
    const isInside = this.#card.holds(event.target);
    if (event.key === "Escape") {
      if (isInside) this.#comeBack();
      this.#close();
    } else if (event.key === "Tab" && this.#targetOf(event) === this.#from && !event.shiftKey) {
      event.preventDefault();
      this.#card.focus();
    } else if (event.key === "Tab" && isInside && this.#card.isAtEdge(event.shiftKey)) {
      // Forward from the picture, whose place in the page's order Tab then leaves by itself; backward to it.
      if (event.shiftKey) event.preventDefault();
      this.#comeBack();
    }
  }

  /** What an event is about, also in shadow trees: in a closed one what lies under the pointer or has the focus. */
  #targetOf(event: Event): EventTarget | null {
    let target = event.composedPath()[0] ?? null;
    while (target instanceof HTMLElement && !this.#card.holds(target)) {
      const tree = shadowTreeOf(target);
      const isPointed = event instanceof MouseEvent && event.detail + event.clientX + event.clientY > 0;
      const inner = isPointed ? tree?.elementFromPoint(event.clientX, event.clientY) : tree?.activeElement;
      if (!inner || inner === target) break;
      target = inner;
    }
    return target;
  }

  #comeBack() {
    if (this.#from instanceof HTMLElement) this.#from.focus();
  }

  /**
   * What is veiled is a button that reveals it; the page hears nothing of that. A finger has not pointed at it before: its
   * first tap opens the card.
   */
  #onPress(event: Event) {
    const target = this.#targetOf(event);
    const fate = target instanceof Element ? veilOf(target) : undefined;
    if (!(target instanceof Element) || !fate || fate.look === "remove") return;
    const isUntold = isTouch(event) && !(this.#card.isOpen && this.#about === target);
    if (!isUntold && !fate.mayReveal) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isUntold) return this.#open(target);
    this.#wishes.reveal(target);
    this.#close();
  }

  /** What lies behind other content has no taps of its own. */
  #onLongPress(event: MouseEvent) {
    const found = isTouch(event) && withheldAt(this.#targetOf(event), event.clientX, event.clientY);
    if (found) this.#open(found);
  }

  #open(element: Element, from = element) {
    const fate = veilOf(element) ?? heldBehind(element);
    clearTimeout(this.#timer);
    if (!fate || !element.isConnected) return;
    this.#about = element;
    this.#from = from;
    const { left, top, width, height } = element.getBoundingClientRect();
    // What has content in front of it has no room for a card inside.
    this.#card.open(this.#textOf(element, fate), { left, top, width: veilOf(element) ? width : 0, height });
  }

  #leave() {
    if (this.#card.isOpen) this.#later(CLOSE_AFTER_MS, () => this.#close());
    else clearTimeout(this.#timer);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#card.close();
    this.#about = undefined;
    this.#from = undefined;
  }

  #later(ms: number, job: () => void) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(job, ms);
  }

  #textOf(element: Element, { action, mayReveal, title, why }: Fate): CardText {
    const show = {
      label: lastWords().show,
      onPress: () => {
        this.#wishes.reveal(element);
        this.#close();
      },
    };
    // Cut off from the extension only the picture's own words are left.
    const isCutOff = !action || browser.runtime?.id === undefined;
    if (isCutOff) return { title, lines: [], buttons: mayReveal ? [show] : [] };
    const lines = linesOf(action);
    return {
      title: t("why_title"),
      lines: why ? [why] : lines,
      buttons: mayReveal ? [show, ...(veilOf(element) ? this.#choices(action) : [])] : [],
    };
  }

  #choices({ id, reason }: PageAction): CardText["buttons"] {
    const wrong = { label: t("why_wrong"), hint: t("why_wrongHint"), onPress: () => this.#dispute(id) };
    const allow = { label: t("why_allow"), hint: t("why_allowHint"), onPress: () => void this.#allow() };
    // Trusting a site is written down, which a private window is not to be.
    return [...(reason === "failure" ? [] : [wrong]), ...(browser.extension.inIncognitoContext ? [] : [allow])];
  }

  #dispute(id: string) {
    this.#wishes.dispute(id);
    for (const element of veiled()) if (veilOf(element)?.action?.id === id) this.#wishes.reveal(element);
    this.#say(t("why_noted"));
  }

  async #allow() {
    const words = { done: t("why_allowed"), failed: t("why_failed") };
    await this.#wishes.allowSite().then(
      () => this.#say(words.done),
      () => this.#say(words.failed),
    );
  }

  #say(title: string) {
    const box = this.#about?.getBoundingClientRect() ?? { left: 0, top: 0, width: 0, height: 0 };
    this.#card.open({ title, lines: [], buttons: [] }, box);
    this.#later(NOTICE_MS, () => this.#close());
  }
}

function linesOf({ category, reason, score, judges = [] }: PageAction): string[] {
  if (reason === "failure") return [t("why_failure")];
  return [
    t(category === "sexual" ? "why_sexual" : "why_limit"),
    t(SURENESS.find(([from]) => score >= from)?.[1] ?? "why_sureLow"),
    ...(judges.length > 0 ? [t("why_judges", judges.map((id) => id.replace(/^.*\//, "")).join(", "))] : []),
  ];
}

function isTouch(event: Event): boolean {
  return (event as Partial<PointerEvent>).pointerType === "touch";
}

/**
 * What is veiled under the pointer: itself, or below what a player or a link lays over it; else the element with a
 * withheld picture behind its content.
 */
function withheldAt(target: EventTarget | null, x: number, y: number): Element | undefined {
  if (!(target instanceof Element)) return undefined;
  if (veilOf(target)) return target;
  if (veiled().length === 0) return undefined;
  return veiledBelow(target, x, y) ?? heldAround(target);
}

/** Not of the page as a whole, unless nothing else is there. */
function heldAround(target: Element): Element | undefined {
  let near: Element | null = target;
  for (let level = 0; near && level <= OVERLAY_LEVELS; level++, near = near.parentElement)
    if (heldBehind(near)) return near === target || !/^(body|html)$/.test(near.localName) ? near : undefined;
  return undefined;
}

function veiledBelow(target: Element, x: number, y: number): Element | undefined {
  const found = document.elementsFromPoint(x, y).find((element) => veilOf(element));
  let near: Element | null = target;
  for (let level = 0; found && level < OVERLAY_LEVELS; level++) {
    near = near?.parentElement ?? null;
    if (!near || near === document.body) return undefined;
    if (near.contains(found)) return found;
  }
  return undefined;
}

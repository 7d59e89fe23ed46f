import type { ActionKind, Cover } from "../../core/types.ts";
import { t } from "../browser.ts";
import type { PageAction } from "../messages.ts";
import { cutOut, fillIn } from "./hole.ts";
import { layMosaic, liftMosaic } from "./mosaic.ts";
import { claim, disclaim } from "./own.ts";
import type { Size } from "./surface.ts";

export const ATTRIBUTE = "data-wardlight";
/** Says of what style sheets paint on an element how it stands; `shown`, or words that the style sheet knows. */
export const PAINT = "data-wardlight-paint";
/** The state of an element that nobody has read yet, though it may be painted any moment. */
export const UNREAD = "unread";

/**
 * How a picture is shown: as it is, or under one of the covers; `hide` is a card, which lets nothing through, and of a
 * `part` alone what led to the verdict is missing.
 */
export type Look = "shown" | "blur" | "hide" | "pixelate" | "remove" | "part";
/** A video before its first verdict, and after a cut: its place is clear, or dark as it was a moment ago. */
export type Mark = Look | "wait" | "cut";

/** What was decided about a picture; the title tells the user why. */
export interface Fate {
  readonly look: Look;
  readonly title: string;
  readonly mayReveal: boolean;
  /** Says more than the judge could know. */
  readonly why?: string;
  /** What the judge said, where it was asked. */
  readonly action?: PageAction;
  /** Of a picture that is too small to be judged alone: its own size, for who has to find what it is a part of. */
  readonly tile?: Size;
}

export const SHOWN: Fate = { look: "shown", title: "", mayReveal: true };

const BLURS: Record<Cover, Look> = { blur: "blur", card: "hide", pixelate: "pixelate", remove: "remove" };
const IS_SHOWN: Record<ActionKind, boolean> = {
  allow: true,
  warn: true,
  hold: true,
  blur: false,
  hide: false,
  block: false,
};

export function fateOf(action: PageAction): Fate {
  const { kind, cover = "blur", category, mayReveal, regions = [] } = action;
  if (IS_SHOWN[kind]) return SHOWN;
  // What is to be hidden rather than blurred does not shimmer through.
  const whole = kind === "blur" || cover === "remove" ? BLURS[cover] : "hide";
  const look = kind === "blur" && regions.length > 0 ? "part" : whole;
  const title = t("heldTitle", t(category === "sexual" ? "reasonSexual" : "reasonFailure"));
  return { look, title, mayReveal, action };
}

interface Veil {
  readonly fate: Fate;
  /** The page's own values of the attributes that it borrows. */
  readonly borrowed: ReadonlyMap<string, string | null>;
}

const veils = new WeakMap<Element, Veil>();
/** By the element that holds more than the withheld picture, and keeps its own role and clicks. */
const held = new WeakMap<Element, Fate>();
/** For going through them; what the page has dropped is cleared away now and then. */
const everVeiled = new Set<WeakRef<Element>>();
const CLEAR_EVERY = 256;

/** Dresses a picture for its fate, or hides it while it has none. The style sheets do the rest. */
export function dress(element: Element, fate: Fate | undefined, meanwhile?: "wait" | "cut"): void {
  mark(element, fate?.look ?? meanwhile);
  if (veilOf(element) === fate) return;
  unveil(element);
  if (fate && fate.look !== "shown") veil(element, fate);
}

/** What put an element under its veil; undefined where it is under none. */
export function veilOf(element: Element): Fate | undefined {
  return veils.get(element)?.fate;
}

/** A picture that style paints behind other content is withheld, or is not any more; nothing else changes. */
export function hold(element: Element, fate: Fate | undefined): void {
  if (held.get(element) === fate) return;
  if (fate) held.set(element, fate);
  else held.delete(element);
  if (fate) everVeiled.add(new WeakRef(element));
}

/** Why a picture behind an element's content is withheld; undefined where none is. */
export function heldBehind(element: Element): Fate | undefined {
  return held.get(element);
}

/** Every element that is under a veil, or has a picture withheld behind it. */
export function veiled(): Element[] {
  return [...everVeiled].flatMap((reference) => {
    const element = reference.deref();
    if (element && (veils.has(element) || held.has(element))) return [element];
    everVeiled.delete(reference);
    return [];
  });
}

/**
 * Removes what a guard that is gone has left on the page: what it marked will be judged anew. Attributes that it
 * borrowed and could not give back are lost.
 */
export function sweep(): void {
  for (const element of document.querySelectorAll(`[${ATTRIBUTE}]`)) {
    const mark = element.getAttribute(ATTRIBUTE);
    const isVeil = mark !== "shown" && element.ariaLabel && element.getAttribute("title") === "";
    const lost = isVeil ? ["role", "tabindex", "aria-label", "title"] : [];
    for (const name of [ATTRIBUTE, ...lost]) element.removeAttribute(name);
  }
  for (const element of document.querySelectorAll(`[${PAINT}]`)) element.removeAttribute(PAINT);
}

/** Only a mark that differs is written, so that watching our own attribute comes to rest. */
export function mark(element: Element, look: Mark | undefined): void {
  if (element.getAttribute(ATTRIBUTE) === (look ?? null)) return;
  if (look) element.setAttribute(ATTRIBUTE, look);
  else element.removeAttribute(ATTRIBUTE);
}

/**
 * A veiled picture is named for what it is, and a button where it may be revealed. The empty title keeps tooltips away
 * from the explanation. What is removed leaves clicks to the page: nobody reveals by accident what is not to be seen.
 */
function veil(element: Element, fate: Fate) {
  const attributes = {
    title: "",
    "aria-label": fate.title,
    ...(fate.mayReveal && fate.look !== "remove" ? { role: "button", tabindex: "0" } : {}),
  };
  const borrowed = new Map(Object.keys(attributes).map((name) => [name, element.getAttribute(name)]));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (fate.look === "part") cutOut(element, fate.action?.regions ?? []);
  if (fate.look === "pixelate") layMosaic(element);
  claim(element);
  veils.set(element, { fate, borrowed });
  everVeiled.add(new WeakRef(element));
  if (everVeiled.size % CLEAR_EVERY === 0) veiled();
}

function unveil(element: Element) {
  const { fate, borrowed } = veils.get(element) ?? {};
  for (const [name, value] of borrowed ?? []) {
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
  if (fate?.look === "part") fillIn(element);
  if (fate?.look === "pixelate") liftMosaic(element);
  disclaim(element);
  veils.delete(element);
}

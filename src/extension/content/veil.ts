import type { ActionKind } from "../../core/types.ts";
import { t } from "../browser.ts";
import type { PageAction } from "../messages.ts";

export const ATTRIBUTE = "data-wardlight";
/** Says of what style sheets paint on an element how it stands; `shown`, or words that the style sheet knows. */
export const PAINT = "data-wardlight-paint";

/** How a picture is shown: as it is, blurred, or with a card in its place. */
export type Look = "shown" | "blur" | "hide";

/** What was decided about a picture; the title tells the user why. */
export interface Fate {
  readonly look: Look;
  readonly title: string;
  readonly mayReveal: boolean;
}

export const SHOWN: Fate = { look: "shown", title: "", mayReveal: true };

const LOOKS: Record<ActionKind, Look> = { allow: "shown", warn: "shown", blur: "blur", hide: "hide", block: "hide" };

export function fateOf({ kind, category, mayReveal }: PageAction): Fate {
  const look = LOOKS[kind];
  if (look === "shown") return SHOWN;
  return { look, title: t("heldTitle", t(category === "sexual" ? "reasonSexual" : "reasonFailure")), mayReveal };
}

/** The page's own values of the attributes that a veil borrows. */
const borrowed = new WeakMap<Element, Map<string, string | null>>();

/** Dresses a picture for its fate, or hides it while it has none. The style sheet does the rest. */
export function dress(image: Element, fate: Fate | undefined): void {
  mark(image, fate?.look);
  unveil(image);
  if (fate && fate.look !== "shown") veil(image, fate);
}

/**
 * Removes what a guard that is gone has left on the page: what it marked will be judged anew. Attributes that it
 * borrowed and could not give back are lost.
 */
export function sweep(): void {
  for (const element of document.querySelectorAll(`[${ATTRIBUTE}]`)) {
    const isVeil = element.role === "button" && element.ariaLabel === element.getAttribute("title");
    const isMarkedText = element.getAttribute(ATTRIBUTE) === "warn";
    const lost = isVeil ? ["role", "tabindex", "aria-label", "title"] : isMarkedText ? ["title"] : [];
    for (const name of [ATTRIBUTE, ...lost]) element.removeAttribute(name);
  }
  for (const element of document.querySelectorAll(`[${PAINT}]`)) element.removeAttribute(PAINT);
}

/** Only a mark that differs is written, so that watching our own attribute comes to rest. */
export function mark(image: Element, look: Look | undefined): void {
  if (image.getAttribute(ATTRIBUTE) === (look ?? null)) return;
  if (look) image.setAttribute(ATTRIBUTE, look);
  else image.removeAttribute(ATTRIBUTE);
}

/** A veiled picture explains itself, and is a button where it may be revealed. */
function veil(image: Element, { title, mayReveal }: Fate) {
  const attributes = { title, "aria-label": title, ...(mayReveal ? { role: "button", tabindex: "0" } : {}) };
  borrowed.set(image, new Map(Object.keys(attributes).map((name) => [name, image.getAttribute(name)])));
  for (const [name, value] of Object.entries(attributes)) image.setAttribute(name, value);
}

function unveil(image: Element) {
  for (const [name, value] of borrowed.get(image) ?? []) {
    if (value === null) image.removeAttribute(name);
    else image.setAttribute(name, value);
  }
  borrowed.delete(image);
}

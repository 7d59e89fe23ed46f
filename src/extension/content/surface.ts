import type { Fate } from "./veil.ts";

/** Alone, a picture with no side this long says nothing to a network and is let through. */
export const MIN_SIDE_PX = 48;

/** Something on the page that paints a picture or more, and keeps them unseen until each has its fate. */
export interface Surface {
  readonly element: Element;
  /** The fate of one of its pictures; the last word, or a card for the time being. */
  onFate(address: string, fate: Fate): void;
}

import type { Fate } from "./veil.ts";

/** In CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Alone, a picture with no side this long says nothing to a network and is let through. */
export const MIN_SIDE_PX = 48;

/** Something on the page that paints a picture or more, and keeps them unseen until each has its fate. */
export interface Surface {
  readonly element: Element;
  /** The fate of one of its pictures; the last word, or a card for the time being. */
  onFate(address: string, fate: Fate): void;
}

/** A picture without any size of its own (some SVG) is not tiny: nobody knows how large it is painted. */
export function isTiny({ naturalWidth, naturalHeight }: HTMLImageElement): boolean {
  const side = Math.max(naturalWidth, naturalHeight);
  return side > 0 && side < MIN_SIDE_PX;
}

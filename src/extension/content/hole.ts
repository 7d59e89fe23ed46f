import type { Region } from "../../core/types.ts";

const SIZE = "--wardlight-hole-size";
const PLACE = "--wardlight-hole-place";

/** The smallest region that holds them all. */
export function around(regions: readonly Region[]): Region {
  const x = Math.min(...regions.map((region) => region.x));
  const y = Math.min(...regions.map((region) => region.y));
  const right = Math.max(...regions.map((region) => region.x + region.width));
  const bottom = Math.max(...regions.map((region) => region.y + region.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** A region as `mask-size` and `mask-position`, whose percentages count what the region leaves free. */
export function maskOf({ x, y, width, height }: Region): { size: string; place: string } {
  const percent = (value: number) => `${Number((100 * value).toFixed(2))}%`;
  const at = (start: number, length: number) => percent(length < 1 ? start / (1 - length) : 0);
  return { size: `${percent(width)} ${percent(height)}`, place: `${at(x, width)} ${at(y, height)}` };
}

/**
 * Tells the style sheet where the hole in a picture is. Without a word from here all of the picture is missing: so also
 * where the page crops it, and the region's place on the screen cannot be told from its place in the file.
 */
export function cutOut(element: Element, regions: readonly Region[]): void {
  if (!(element instanceof HTMLElement) || getComputedStyle(element).objectFit !== "fill") return;
  const { size, place } = maskOf(around(regions));
  element.style.setProperty(SIZE, size);
  element.style.setProperty(PLACE, place);
}

export function fillIn(element: Element): void {
  if (!(element instanceof HTMLElement)) return;
  for (const name of [SIZE, PLACE]) element.style.removeProperty(name);
}

import type { Region } from "../../core/types.ts";
import { addressesIn } from "./paint.ts";
import type { Size } from "./surface.ts";
import { PAINT } from "./veil.ts";

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** Where a picture is painted, or the region of it that is. */
export interface Place extends Box {
  readonly region?: Region;
}

/** How a layer of backgrounds or masks lies, as computed. */
export interface Layer {
  readonly size: string;
  readonly position: string;
  readonly repeat: string;
}

/** What is painted more often is a texture. */
const MAX_COPIES = 9;

/**
 * Where a layer paints its picture (CSS Backgrounds and Borders 3, § 3.4 to 3.10), each copy by itself.
 * @param area what size and position are counted from.
 * @param clip outside of which nothing is painted.
 * @returns nothing for a texture.
 */
export function placesOf({ size, position, repeat }: Layer, area: Box, clip: Box, natural: Size): Place[] {
  const { width, height } = sizeOf(size, area, natural);
  const [x = "", y = ""] = split(position, " ");
  const [across = "", down = across] = split(repeat, " ");
  const isRepeated = (word: string, axis: string) => /^(repeat|round|space)$/.test(word) || word === `repeat-${axis}`;
  const lefts = starts(area.x + lengthOf(x, area.width - width), width, clip.x, clip.width, isRepeated(across, "x"));
  const tops = starts(area.y + lengthOf(y, area.height - height), height, clip.y, clip.height, isRepeated(down, "y"));
  if (lefts.length * tops.length > MAX_COPIES) return [];
  return tops.flatMap((top) => lefts.flatMap((left) => seen({ x: left, y: top, width, height }, clip) ?? []));
}

function sizeOf(size: string, area: Box, natural: Size): Size {
  const [x, y] = [area.width / natural.width, area.height / natural.height];
  const scale = size === "cover" ? Math.max(x, y) : size === "contain" ? Math.min(x, y) : 0;
  if (scale > 0) return { width: natural.width * scale, height: natural.height * scale };
  const [across = "auto", down = "auto"] = split(size, " ");
  const width = across === "auto" ? undefined : lengthOf(across, area.width);
  const height = down === "auto" ? undefined : lengthOf(down, area.height);
  const ratio = natural.width / natural.height;
  return {
    width: width ?? (height ?? natural.height) * ratio,
    height: height ?? (width ?? natural.width) / ratio,
  };
}

/** A length, a percentage, or a sum of both; other functions count as what is in them. */
function lengthOf(value: string, whole: number): number {
  let sum = 0;
  for (const [, sign, number, unit] of value.matchAll(/(-?) ?([\d.]+)(%|px)/g))
    sum += (sign ? -1 : 1) * Number(number) * (unit === "%" ? whole / 100 : 1);
  return sum;
}

/** Where the copies of something so long begin along an axis. */
function starts(at: number, length: number, from: number, room: number, isRepeated: boolean): number[] {
  if (!isRepeated || length < 1) return [at];
  const first = at - Math.ceil((at - from) / length) * length;
  const count = Math.min(MAX_COPIES + 1, Math.ceil((from + room - first) / length));
  return Array.from({ length: count }, (_, i) => first + i * length);
}

function seen(copy: Box, clip: Box): Place | undefined {
  const [x, y] = [Math.max(copy.x, clip.x), Math.max(copy.y, clip.y)];
  const width = Math.min(copy.x + copy.width, clip.x + clip.width) - x;
  const height = Math.min(copy.y + copy.height, clip.y + clip.height) - y;
  if (width < 1 || height < 1) return undefined;
  if (width > copy.width - 1 && height > copy.height - 1) return { x, y, width, height };
  const region = {
    x: (x - copy.x) / copy.width,
    y: (y - copy.y) / copy.height,
    width: width / copy.width,
    height: height / copy.height,
  };
  return { x, y, width, height, region };
}

/** Splits a value where no bracket and no quotation mark is open. */
export function split(value: string, at: "," | " "): string[] {
  const parts = [""];
  let depth = 0;
  for (const [sign] of value.matchAll(/"(?:[^"\\]|\\.)*"|[\s\S]/g)) {
    if (sign === "(") depth++;
    if (sign === ")") depth--;
    if (sign === at && depth === 0) parts.push("");
    else parts.push(parts.pop() + sign);
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

/**
 * Where an element and its pseudo-elements paint a small picture, from the element's upper left corner. Nobody tells
 * where a pseudo-element stands: it is taken to begin where its element does.
 */
export function placesOn(element: Element, address: string, natural: Size): Place[] {
  const { width, height } = element.getBoundingClientRect();
  const box = { x: 0, y: 0, width, height };
  const own = getComputedStyle(element);
  const pseudos = ["::before", "::after"].map((name) => getComputedStyle(element, name));
  const layers = [own, ...pseudos].flatMap((style) => {
    const room = style === own ? box : { ...box, width: px(style.width) || width, height: px(style.height) || height };
    return layersOf(style, address).map((layer) => placesOf(layer, withoutBorder(style, room), room, natural));
  });
  if (layers.length > 0) return layers.flat();
  const isWhole = addressesIn(own.content + own.borderImageSource).includes(address);
  return [isWhole ? box : { ...box, ...natural }];
}

function layersOf(style: CSSStyleDeclaration, address: string): Layer[] {
  return ["background", "mask"].flatMap((kind) => {
    const [images = [], sizes = [], positions = [], repeats = []] = ["image", "size", "position", "repeat"].map(
      (name) => split(style.getPropertyValue(`${kind}-${name}`), ","),
    );
    return images.flatMap((image, i) => {
      if (!addressesIn(image).includes(address)) return [];
      const [size = "", position = "", repeat = ""] = [sizes, positions, repeats].map((all) => all[i % all.length]);
      return [{ size, position, repeat }];
    });
  });
}

function withoutBorder(style: CSSStyleDeclaration, { x, y, width, height }: Box): Box {
  const [left, top] = [px(style.borderLeftWidth), px(style.borderTopWidth)];
  return {
    x: x + left,
    y: y + top,
    width: width - left - px(style.borderRightWidth),
    height: height - top - px(style.borderBottomWidth),
  };
}

function px(value: string): number {
  return Number.parseFloat(value) || 0;
}

/**
 * Lets styles be read as the page means them: until a verdict ours takes the sizes of pictures away. Nothing is painted
 * meanwhile; an element of the page's own making, which would hear of it at once, is read as it is.
 */
export function asMeant(elements: readonly Element[], read: () => void): void {
  const marks = elements.flatMap((element) => {
    const mark = element.getAttribute(PAINT);
    if (mark === "shown" || element.localName.includes("-") || element.hasAttribute("is")) return [];
    element.setAttribute(PAINT, "read");
    return [{ element, mark }];
  });
  try {
    read();
  } finally {
    for (const { element, mark } of marks) {
      if (mark === null) element.removeAttribute(PAINT);
      else element.setAttribute(PAINT, mark);
    }
  }
}

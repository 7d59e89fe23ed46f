import type { Part } from "../messages.ts";
import type { Inquiries } from "./inquiries.ts";
import { asMeant, type Place, placesOn } from "./layers.ts";
import { isTiny, MIN_SIDE_PX, type Size, type Surface } from "./surface.ts";
import type { Survey } from "./survey.ts";
import { ATTRIBUTE, PAINT, SHOWN } from "./veil.ts";

/** Tiles of one picture arrive together, more or less. */
const GATHER_MS = 60;
/** A tile waits so long for neighbours that are still to arrive. */
const PATIENCE_MS = 3_000;
/** Tiles this near to each other are seen as one picture. */
const GAP_PX = 2;
const MAX_PARTS = 4_096;
/** A small picture that is stretched over the page touches its neighbours near its upper left corner, or not at all. */
const MAX_CELLS = 32;

/** A small picture that has arrived, and what it is a part of by now. */
interface Small {
  readonly surface: Surface;
  readonly address: string;
  /** Its own size, where style paints it. */
  readonly painted: Size | undefined;
  /** Where in its element, once that was read; else it fills it. */
  places?: readonly Place[];
}

interface Tile {
  readonly small: Small;
  readonly box: DOMRectReadOnly;
  readonly region?: Place["region"];
}

/** A picture that has not arrived, where it will stand. */
type Gap = Pick<Tile, "box">;

/**
 * Small pictures say nothing alone and are shown, but many of them side by side may be one large picture: what touches
 * on the screen is judged as the picture that it forms.
 */
export class Mosaics {
  readonly #inquiries: Inquiries;
  readonly #survey: Pick<Survey, "isHeld" | "isBusy">;
  readonly #smalls = new Map<Surface, Small>();
  /** Under which name a tile was last asked about, or shown. */
  readonly #names = new WeakMap<Surface, string>();
  readonly #ids = new WeakMap<Surface, number>();
  #lastId = 0;
  #isGathering = false;
  /** What is not displayed stays unseen, and is put in its place when it is. */
  readonly #undisplayed = new ResizeObserver((entries) => {
    if (entries.some(({ target }) => isDisplayed(target))) this.#gather();
  });
  /** When the first of the tiles arrived that still wait for their neighbours. */
  #since = Number.POSITIVE_INFINITY;

  /** @param survey while it is held, places on the screen may not be asked for; while it is busy, tiles are unknown. */
  constructor(inquiries: Inquiries, survey: Pick<Survey, "isHeld" | "isBusy">) {
    this.#inquiries = inquiries;
    this.#survey = survey;
  }

  /**
   * A small picture has loaded; its surface learns its fate a moment later.
   * @param painted its own size, where style paints it; else it fills its element.
   */
  add(surface: Surface, address: string, painted?: Size): void {
    this.#ids.set(surface, ++this.#lastId);
    this.#smalls.set(surface, { surface, address, painted });
    this.#since = Math.min(this.#since, performance.now());
    this.#gather();
  }

  #gather() {
    if (this.#isGathering) return;
    this.#isGathering = true;
    setTimeout(() => this.#arrange(), GATHER_MS);
  }

  remove(surface: Surface): void {
    this.#smalls.delete(surface);
    this.#undisplayed.unobserve(surface.element);
  }

  /** What was judged as one picture is revealed as one. */
  reveal(surface: Surface): void {
    const name = this.#names.get(surface);
    if (!name) return;
    for (const { surface: other, address } of this.#smalls.values())
      if (this.#names.get(other) === name) other.onFate(address, SHOWN);
  }

  #arrange() {
    this.#isGathering = false;
    const mayWait = performance.now() - this.#since < PATIENCE_MS;
    if (this.#survey.isHeld || (this.#survey.isBusy && mayWait)) return this.#gather();
    const tiles = this.#place();
    const gaps = mayWait ? this.#gaps() : [];
    const groups = groupsOf<Tile | Gap>([...tiles, ...gaps]);
    const isWhole = (group: readonly (Tile | Gap)[]): group is Tile[] => group.every((tile) => "small" in tile);
    for (const group of groups.filter(isWhole)) {
      if (isPicture(group)) this.#ask(group);
      else for (const { small } of group) this.#show(small);
    }
    if (groups.some((group) => !isWhole(group) && group.some((tile) => "small" in tile))) this.#gather();
    else this.#since = Number.POSITIVE_INFINITY;
  }

  #place(): Tile[] {
    for (const surface of this.#smalls.keys()) if (!surface.element.isConnected) this.#smalls.delete(surface);
    const smalls = [...this.#smalls.values()].filter(({ surface: { element }, painted }) => {
      if (!painted || isDisplayed(element)) return true;
      this.#undisplayed.observe(element);
      return false;
    });
    this.#read(smalls.filter(({ painted, places }) => painted && !places));
    return smalls.flatMap((small) => {
      const box = small.surface.element.getBoundingClientRect();
      if (small.places?.length === 0) this.#show(small);
      return small.places?.map((place) => ({ small, ...onScreen(place, box) })) ?? { small, box };
    });
  }

  #read(smalls: readonly Small[]) {
    const elements = smalls.map(({ surface }) => surface.element);
    asMeant(elements, () => {
      for (const small of smalls)
        if (small.painted) small.places = placesOn(small.surface.element, small.address, small.painted);
    });
    for (const element of elements) this.#undisplayed.unobserve(element);
  }

  /** Where pictures have yet to arrive; of those without a size in the page, such as may turn out to be small. */
  #gaps(): Gap[] {
    const arrived = new Set(Array.from(this.#smalls.keys(), ({ element }) => element));
    // One that is complete may be here before the event that tells of it.
    const coming = [...document.images].filter((image) =>
      image.complete ? isTiny(image) && !arrived.has(image) : image.loading !== "lazy",
    );
    const isComing = (element: Element) => !arrived.has(element) && this.#inquiries.isAsked(element);
    const waiting = [...document.querySelectorAll(`[${PAINT}^="wait"], image:not([${ATTRIBUTE}])`)].filter(isComing);
    const boxes = waiting.map((element) => element.getBoundingClientRect());
    const isSmall = ({ width, height }: DOMRect) => width > 0 && Math.max(width, height) < MIN_SIDE_PX;
    return [...coming.map((image) => image.getBoundingClientRect()), ...boxes.filter(isSmall)].map((box) => ({ box }));
  }

  #show({ surface, address }: Small) {
    if (this.#names.has(surface)) return;
    this.#names.set(surface, "");
    surface.onFate(address, SHOWN);
  }

  /** A group that has grown is another picture; until its verdict its new tiles are unseen. */
  #ask(group: readonly Tile[]) {
    const surfaces = new Set(group.map(({ small }) => small.surface));
    const name = `mosaic:${Array.from(surfaces, (surface) => this.#ids.get(surface)).join()}`;
    for (const surface of surfaces) {
      if (this.#names.get(surface) === name) continue;
      this.#names.set(surface, name);
      this.#inquiries.ask(surface, name, async (id) => ({
        kind: "image",
        id,
        context: "page",
        src: group[0]?.small.address ?? "",
        parts: partsOf(group),
      }));
    }
  }
}

/** What is in a drawing (SVG) may be painted elsewhere. */
function isDisplayed(element: Element): boolean {
  return element.getClientRects().length > 0 || !("offsetWidth" in element);
}

function onScreen({ x, y, width, height, region }: Place, { left, top }: DOMRect): Omit<Tile, "small"> {
  return { box: new DOMRect(left + x, top + y, width, height), ...(region ? { region } : {}) };
}

/** What touches, directly or by way of others. */
export function groupsOf<T extends { readonly box: DOMRectReadOnly }>(tiles: readonly T[]): T[][] {
  const cells = new Map<string, T[]>();
  for (const tile of tiles)
    for (const cell of cellsOf(tile.box)) {
      const inCell = cells.get(cell);
      if (inCell) inCell.push(tile);
      else cells.set(cell, [tile]);
    }
  const left = new Set(tiles);
  const neighboursOf = ({ box }: T) =>
    cellsOf(box).flatMap((cell) =>
      (cells.get(cell) ?? []).filter((tile) => left.has(tile) && isTouching(box, tile.box)),
    );
  return Array.from(left, (first) => {
    const group: T[] = left.delete(first) ? [first] : [];
    for (const tile of group) for (const other of neighboursOf(tile)) if (left.delete(other)) group.push(other);
    return group;
  }).filter((group) => group.length > 0);
}

function cellsOf({ left, top, right, bottom }: DOMRectReadOnly): string[] {
  const cells: string[] = [];
  const at = (px: number) => Math.floor(px / MIN_SIDE_PX);
  for (let x = at(left - GAP_PX); x <= Math.min(at(right + GAP_PX), at(left) + MAX_CELLS); x++)
    for (let y = at(top - GAP_PX); y <= Math.min(at(bottom + GAP_PX), at(top) + MAX_CELLS); y++)
      cells.push(`${x},${y}`);
  return cells;
}

function isTouching(a: DOMRectReadOnly, b: DOMRectReadOnly): boolean {
  const isNear = a.left - b.right <= GAP_PX && b.left - a.right <= GAP_PX;
  return isNear && a.top - b.bottom <= GAP_PX && b.top - a.bottom <= GAP_PX;
}

/** A row of icons is as small as they are; a picture is large both ways. */
function isPicture(group: readonly Tile[]): boolean {
  const { width, height } = boundsOf(group);
  return group.length > 1 && Math.min(width, height) >= MIN_SIDE_PX;
}

function boundsOf(group: readonly Tile[]) {
  const [x, y] = [Math.min(...group.map(({ box }) => box.left)), Math.min(...group.map(({ box }) => box.top))];
  const right = Math.max(...group.map(({ box }) => box.right));
  const bottom = Math.max(...group.map(({ box }) => box.bottom));
  return { x, y, width: right - x, height: bottom - y };
}

function partsOf(group: readonly Tile[]): Part[] {
  const { x, y } = boundsOf(group);
  return group.slice(0, MAX_PARTS).map(({ small, region, box: { left, top, width, height } }) => ({
    src: small.address,
    x: Math.round(left - x),
    y: Math.round(top - y),
    width: Math.max(1, Math.round(width)),
    height: Math.max(1, Math.round(height)),
    ...(region ? { region } : {}),
  }));
}

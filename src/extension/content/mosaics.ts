import type { Part } from "../messages.ts";
import type { Inquiries } from "./inquiries.ts";
import { MIN_SIDE_PX, type Surface } from "./surface.ts";
import { SHOWN } from "./veil.ts";

/** Tiles of one picture arrive together, more or less. */
const GATHER_MS = 60;
/** A tile waits so long for neighbours that are still to arrive. */
const PATIENCE_MS = 3_000;
/** Tiles this near to each other are seen as one picture. */
const GAP_PX = 2;
const MAX_PARTS = 4_096;
/** A small picture that is stretched over the page touches its neighbours near its upper left corner, or not at all. */
const MAX_CELLS = 32;

interface Tile {
  readonly surface: Surface;
  readonly address: string;
  readonly box: DOMRectReadOnly;
}

/** A picture that has not arrived, where it will stand. */
type Gap = Pick<Tile, "box">;

/**
 * Small pictures say nothing alone and are shown, but many of them side by side may be one large picture: what touches
 * on the screen is judged as the picture that it forms.
 */
export class Mosaics {
  readonly #inquiries: Inquiries;
  readonly #tiles = new Map<Surface, string>();
  /** Under which name a tile was last asked about, or shown. */
  readonly #names = new WeakMap<Surface, string>();
  readonly #ids = new WeakMap<Surface, number>();
  #lastId = 0;
  #isGathering = false;
  /** When the first of the tiles arrived that still wait for their neighbours. */
  #since = Number.POSITIVE_INFINITY;

  constructor(inquiries: Inquiries) {
    this.#inquiries = inquiries;
  }

  /** A small picture has loaded; its surface learns its fate a moment later. */
  add(surface: Surface, address: string): void {
    this.#ids.set(surface, ++this.#lastId);
    this.#tiles.set(surface, address);
    this.#since = Math.min(this.#since, performance.now());
    this.#gather();
  }

  #gather() {
    if (this.#isGathering) return;
    this.#isGathering = true;
    setTimeout(() => this.#arrange(), GATHER_MS);
  }

  remove(surface: Surface): void {
    this.#tiles.delete(surface);
  }

  #arrange() {
    this.#isGathering = false;
    const tiles = this.#place();
    const gaps = performance.now() - this.#since < PATIENCE_MS ? gapsIn(document) : [];
    const groups = groupsOf<Tile | Gap>([...tiles, ...gaps]);
    const isWhole = (group: readonly (Tile | Gap)[]): group is Tile[] => group.every((tile) => "surface" in tile);
    for (const group of groups.filter(isWhole)) {
      if (isPicture(group)) this.#ask(group);
      else this.#show(group);
    }
    if (groups.some((group) => !isWhole(group) && group.some((tile) => "surface" in tile))) this.#gather();
    else this.#since = Number.POSITIVE_INFINITY;
  }

  #place(): Tile[] {
    for (const surface of this.#tiles.keys()) if (!surface.element.isConnected) this.#tiles.delete(surface);
    return Array.from(this.#tiles, ([surface, address]) => {
      return { surface, address, box: surface.element.getBoundingClientRect() };
    });
  }

  #show(group: readonly Tile[]) {
    for (const { surface, address } of group) {
      if (this.#names.has(surface)) continue;
      this.#names.set(surface, "");
      surface.onFate(address, SHOWN);
    }
  }

  /** A group that has grown is another picture; until its verdict its new tiles are unseen. */
  #ask(group: readonly Tile[]) {
    const name = `mosaic:${group.map(({ surface }) => this.#ids.get(surface)).join()}`;
    for (const { surface } of group) {
      if (this.#names.get(surface) === name) continue;
      this.#names.set(surface, name);
      this.#inquiries.ask(surface, name, async (id) => ({
        kind: "image",
        id,
        context: "page",
        src: group[0]?.address ?? "",
        parts: partsOf(group),
      }));
    }
  }
}

function gapsIn({ images }: Document): Gap[] {
  const coming = [...images].filter((image) => !image.complete && image.loading !== "lazy");
  return coming.map((image) => ({ box: image.getBoundingClientRect() }));
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
  return group.slice(0, MAX_PARTS).map(({ address, box: { left, top, width, height } }) => ({
    src: address,
    x: Math.round(left - x),
    y: Math.round(top - y),
    width: Math.round(width),
    height: Math.round(height),
  }));
}

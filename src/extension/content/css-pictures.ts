import type { PageSummary } from "../messages.ts";
import type { Inquiries } from "./inquiries.ts";
import type { Mosaics } from "./mosaics.ts";
import { comingPaint, mayPaint, type Paint, paintOf } from "./paint.ts";
import { sightingByAddress } from "./reading.ts";
import type { Size, Surface } from "./surface.ts";
import { dress, type Fate, hold, mark, PAINT, SHOWN, UNREAD } from "./veil.ts";

interface Painted extends Surface {
  readonly paint: Paint;
  readonly fates: Map<string, Fate>;
  /** Those of its pictures that are too small to be judged alone. */
  readonly tiles: Surface[];
  /** What came of all its pictures; undefined until the last of them has its fate. */
  worst?: Fate | undefined;
  /** What it is dressed for. */
  worn?: Fate | undefined;
}

/**
 * Keeps the pictures that style sheets paint unseen until their verdicts, those of an element and of its pseudo-elements
 * together. The style sheet gives them no size unless the element is marked; so whatever this class has not seen yet, by
 * whatever way it came, is unseen.
 */
export class CssPictures {
  readonly #inquiries: Inquiries;
  readonly #mosaics: Mosaics;
  readonly #painted = new WeakMap<Element, Painted>();
  readonly #animated = new WeakSet<Element>();
  /** Marked as unread, until released. */
  readonly #withheld = new WeakSet<Element>();

  constructor(inquiries: Inquiries, mosaics: Mosaics) {
    this.#inquiries = inquiries;
    this.#mosaics = mosaics;
  }

  /** Reads what the element paints now, and marks it accordingly. */
  look(element: Element): void {
    const paint = this.#read(element);
    const before = this.#painted.get(element);
    if (before && paint && isSame(before.paint, paint)) {
      this.#mark(before);
    } else {
      if (before || element.getAttribute(PAINT) !== UNREAD) this.forget(element);
      if (paint) this.#paint(element, paint);
    }
  }

  /** Pictures as content are unseen only where the style sheet is told of them, or that nobody knows yet. */
  withhold(element: Element): void {
    const state = element.getAttribute(PAINT);
    if (state !== "shown" && (state !== null || !mayPaint(element))) return;
    this.#withheld.add(element);
    element.setAttribute(PAINT, UNREAD);
  }

  /** It was looked at; what paints a picture has got another mark by that. */
  release(element: Element): void {
    this.#withheld.delete(element);
    if (element.getAttribute(PAINT) === UNREAD) element.removeAttribute(PAINT);
  }

  /** An animation or a transition has begun: what it will paint is judged with what the element paints now. */
  animate(element: Element): void {
    if (!comingPaint(element)) return;
    this.#animated.add(element);
    this.look(element);
  }

  #read(element: Element): Paint | undefined {
    const paint = paintOf(element, markerOf);
    if (!this.#animated.has(element)) return paint;
    const coming = comingPaint(element);
    if (!coming) this.#animated.delete(element);
    if (!paint || !coming) return paint ?? coming;
    const addresses = [...new Set([...paint.addresses, ...coming.addresses])];
    return { ...paint, addresses, isContent: paint.isContent || coming.isContent };
  }

  /**
   * Takes back at once what the page has set or copied itself, and sets anew what it removed. An element from which it took
   * that nobody has read it is read at once: to say so again would set two observers against each other.
   */
  restore(element: Element): void {
    if (this.#withheld.has(element)) {
      if (element.getAttribute(PAINT) !== UNREAD) this.look(element);
      return;
    }
    const painted = this.#painted.get(element);
    if (painted) this.#mark(painted);
    else element.removeAttribute(PAINT);
    if (painted?.worn) mark(element, painted.worn.look);
  }

  /** True where the user may see it, and does from now on. */
  reveal(element: Element): boolean {
    const painted = this.#painted.get(element);
    if (!painted?.worst?.mayReveal || painted.worst === SHOWN) return false;
    for (const [address, { look }] of painted.fates) if (look !== "shown") this.#inquiries.settle(address, SHOWN);
    for (const address of painted.paint.addresses) painted.onFate(address, SHOWN);
    for (const tile of painted.tiles) this.#mosaics.reveal(tile);
    return true;
  }

  /** How the pictures of these elements stand now, as many as there are. */
  count(elements: Iterable<Element>): PageSummary["pictures"] {
    const counts = { shown: 0, waiting: 0, veiled: 0 };
    for (const element of elements) {
      const painted = this.#painted.get(element);
      const state = painted?.worst === SHOWN ? "shown" : painted?.worst ? "veiled" : "waiting";
      // What failed to load waits for nobody.
      if (painted?.worst || this.#inquiries.isAsked(element)) counts[state] += painted?.paint.addresses.length ?? 0;
    }
    return counts;
  }

  forget(element: Element): void {
    const painted = this.#painted.get(element);
    if (painted) {
      for (const surface of [painted, ...painted.tiles]) {
        this.#inquiries.leave(surface);
        this.#mosaics.remove(surface);
      }
      this.#painted.delete(element);
      this.#dress(painted, undefined);
      hold(element, undefined);
    }
    if (element.hasAttribute(PAINT)) element.removeAttribute(PAINT);
  }

  #paint(element: Element, paint: Paint) {
    const fates = new Map<string, Fate>();
    const onFate = (address: string, fate: Fate) => {
      if (fate.tile) return this.#addTile(painted, address, fate.tile);
      fates.set(address, fate);
      this.#mark(painted);
    };
    const painted: Painted = { element, paint, fates, tiles: [], onFate };
    this.#painted.set(element, painted);
    for (const address of paint.addresses) {
      const fate = this.#inquiries.fateOf(address);
      if (fate) onFate(address, fate);
      else this.#inquiries.ask(painted, address, sightingByAddress);
    }
    this.#mark(painted);
  }

  /** What stands in several places may be a part of several pictures, of which a withheld one counts. */
  #addTile({ element, fates, tiles, onFate }: Painted, address: string, size: Size) {
    const tile: Surface = {
      element,
      onFate: (about, fate) => (about !== address && fates.get(address)?.action) || onFate(address, fate),
    };
    tiles.push(tile);
    this.#mosaics.add(tile, address, size);
  }

  /** What paints nothing but the withheld picture is dressed like any other; else the picture alone stays away. */
  #mark(painted: Painted) {
    const { element } = painted;
    const worst = worstOf(painted);
    painted.worst = worst;
    const isVeil = worst !== undefined && worst !== SHOWN && isBare(element);
    this.#dress(painted, isVeil ? worst : undefined);
    const isPainted = worst === SHOWN || (isVeil && worst.look !== "hide");
    const state = isPainted ? "shown" : stateOf(painted, worst);
    if (element.getAttribute(PAINT) !== state) element.setAttribute(PAINT, state);
    hold(element, worst === SHOWN || isVeil ? undefined : worst);
  }

  /** Only where it changes something, so that watching the page's attributes comes to rest. */
  #dress(painted: Painted, fate: Fate | undefined) {
    if (painted.worn === fate) return;
    painted.worn = fate;
    dress(painted.element, fate);
  }
}

/** Our own sheet may stand in its place, and is taken away for as long as this reads; nothing is painted in that time. */
function markerOf(item: Element): string {
  const state = item.getAttribute(PAINT);
  const isHidden = state !== null && state !== "shown";
  if (isHidden) item.removeAttribute(PAINT);
  const { content } = getComputedStyle(item, "::marker");
  if (isHidden) item.setAttribute(PAINT, state);
  return content;
}

function stateOf({ paint }: Painted, worst: Fate | undefined): string {
  const state = worst ? ["held"] : ["wait"];
  if (paint.isContent) state.push("content");
  if (paint.isReplaced) state.push("replaced");
  return state.join(" ");
}

/** Undefined while a picture has no fate yet. */
function worstOf({ paint, fates }: Painted): Fate | undefined {
  const all = paint.addresses.map((address) => fates.get(address));
  if (all.includes(undefined)) return undefined;
  return all.find((fate) => fate?.look === "hide") ?? all.find((fate) => fate?.look !== "shown") ?? SHOWN;
}

/** It holds no text and no other element, so that a veil covers nothing else. */
function isBare({ localName, childElementCount, textContent }: Element): boolean {
  return childElementCount === 0 && !textContent?.trim() && !/^(body|html|img|input|video|canvas)$/.test(localName);
}

function isSame(a: Paint, b: Paint): boolean {
  return (
    a.addresses.length === b.addresses.length &&
    a.addresses.every((address, i) => address === b.addresses[i]) &&
    a.isContent === b.isContent &&
    a.isReplaced === b.isReplaced
  );
}

import { addressOf, hasChoice, isDocument, isImage, isTouchy, sourceName } from "./elements.ts";
import { release, withheldBy } from "./filters.ts";
import type { Inquiries, Sight } from "./inquiries.ts";
import type { Mosaics } from "./mosaics.ts";
import { addressedOf, sightingByAddress, sightingOf } from "./reading.ts";
import { isTiny, type Surface } from "./surface.ts";
import { ATTRIBUTE, dress, type Fate, mark, SHOWN } from "./veil.ts";

/** A picture that has begun to arrive and has not ended by then is asked about as it is. */
const PATIENCE_MS = 10_000;
/** What the browser still loads by itself may take so long after its verdict; then, and so long after that, we help. */
const LATE_MS = [1_000, 2_000, 4_000] as const;

/** What an element shows, and what was decided about that. */
interface Shown extends Surface {
  readonly address: string;
  /** It has not all arrived, so that a good verdict does not show it yet. */
  readonly isPartial: boolean;
  fate?: Fate;
}

/**
 * Keeps the pictures that elements paint themselves unseen until their verdicts. The style sheet hides what carries no
 * mark; this class alone sets marks, and it takes back those that the page sets or copies, before they can be painted.
 */
export class OwnPictures {
  readonly #inquiries: Inquiries;
  readonly #mosaics: Mosaics;
  readonly #seen = new WeakMap<Element, Shown>();
  readonly #arriving = new WeakSet<Element>();
  /** By what has loaded, its address then. */
  readonly #loaded = new WeakMap<Element, string>();

  constructor(inquiries: Inquiries, mosaics: Mosaics) {
    this.#inquiries = inquiries;
    this.#mosaics = mosaics;
  }

  onLoad(element: Element): void {
    this.#loaded.set(element, addressOf(element));
    this.consider(element);
  }

  consider(element: Element): void {
    const address = addressOf(element);
    // While a new address loads, the old one is still named, or none: only a complete picture is the one that was judged.
    if (isImage(element) && (!element.complete || this.#isUnnamed(element, address))) this.#await(element);
    else if (address === "") this.#settleEmpty(element);
    else this.#decide(element, address);
  }

  /** The browser has yet to choose; one that failed is known without an address. */
  #isUnnamed(image: HTMLImageElement, address: string): boolean {
    return address === "" && this.#seen.get(image)?.address !== "" && hasChoice(image);
  }

  #decide(element: Element, address: string) {
    const before = this.#seen.get(element);
    const isSame = before?.address === address && !before.isPartial;
    const isSmall = isImage(element) && isTiny(element);
    const known = isSame || isSmall ? before?.fate : this.#inquiries.fateOf(address);
    const fate = isDocument(element) ? SHOWN : known;
    if (fate || isSmall) this.#inquiries.overlook(element);
    if (isSame && before.fate === fate && fate) return mark(element, fate.look);
    const shown = isSame ? before : this.#see(element, address, false);
    if (isSmall) this.#mosaics.add(shown, address);
    else if (fate) shown.onFate(address, fate);
    else this.#inquiries.ask(shown, address, isImage(element) ? sightingOf : sightingByAddress);
  }

  /** A new address may be painted from the cache at any moment: hide at once, look again just before the next frame. */
  change(element: Element): void {
    // Our own withholding of an address is no change.
    if (!isImage(element) && this.#seen.get(element)?.address === addressOf(element)) return;
    this.forget(element);
    requestAnimationFrame(() => this.consider(element));
  }

  /** A picture that did not load shows its alternative text, which is judged as text; half a picture is judged. */
  giveUp(element: Element): void {
    const address = addressOf(element);
    this.#inquiries.overlook(element);
    if (isImage(element) && element.naturalWidth > 0) this.consider(element);
    else if (withheldBy(element) === undefined) this.#see(element, address, false).onFate(address, SHOWN);
  }

  /** The browser may have chosen another of a picture's addresses: then nothing that was decided holds. */
  recheck(element: Element): void {
    const before = this.#seen.get(element);
    if (before && before.address !== addressOf(element)) this.forget(element);
  }

  /**
   * A forged mark is taken back at once. One that the page removed can wait for the next frame, since without it the
   * picture is unseen: a page that removes marks as fast as they come cannot keep its tab busy with that.
   */
  restore(element: Element): void {
    const restore = () => mark(element, this.#seen.get(element)?.fate?.look);
    if (element.hasAttribute(ATTRIBUTE)) restore();
    else requestAnimationFrame(restore);
  }

  /** True where the user may see it, and does from now on. */
  reveal(element: Element): boolean {
    const shown = this.#seen.get(element);
    const { fate, address } = shown ?? {};
    if (!shown || !fate || !address || fate.look === "shown" || !fate.mayReveal) return false;
    this.#mosaics.reveal(shown);
    this.#inquiries.settle(address, SHOWN);
    this.#see(element, address, false).onFate(address, SHOWN);
    return true;
  }

  forget(element: Element): void {
    const before = this.#seen.get(element);
    if (before) {
      this.#inquiries.leave(before);
      this.#mosaics.remove(before);
    }
    this.#seen.delete(element);
    dress(element, undefined);
    release(element, false);
  }

  #see(element: Element, address: string, isPartial: boolean): Shown {
    this.forget(element);
    const shown: Shown = {
      element,
      address,
      isPartial,
      onFate: (_, fate) => {
        if (this.#seen.get(element) !== shown || (isPartial && fate.look === "shown")) return;
        if (fate.tile) return this.#mosaics.add(shown, address);
        shown.fate = fate;
        dress(element, fate);
        release(element, fate.look === "shown");
        if (fate.look === "shown" && isTouchy(element)) this.#watchLoad(shown);
      },
    };
    this.#seen.set(element, shown);
    return shown;
  }

  /**
   * Chrome now and then takes us for the one who loads what `<object>` and `<embed>` name, and refuses it (`Survey.hold`
   * makes that seldom). Named anew, it is loaded with the next frame, if nobody is taken for that again.
   */
  #watchLoad({ element, address }: Pick<Shown, "element" | "address">, attempt = 0) {
    setTimeout(() => {
      if (this.#loaded.get(element) === address || addressOf(element) !== address || isDocument(element)) return;
      const name = sourceName(element);
      element.setAttribute(name, element.getAttribute(name) ?? "");
      if (attempt + 1 < LATE_MS.length) this.#watchLoad({ element, address }, attempt + 1);
    }, LATE_MS[attempt]);
  }

  /** Without an address there is nothing to hide but what style paints, which is judged as such. */
  #settleEmpty(element: Element) {
    if (this.#seen.get(element)?.address !== "") this.#see(element, "", false).onFate("", SHOWN);
    else mark(element, "shown");
  }

  /** Nothing is seen of a picture while it arrives; one that never ends gets its card by the judge's own time limit. */
  #await(image: HTMLImageElement) {
    this.forget(image);
    this.#inquiries.expect(image);
    if (this.#arriving.has(image)) return;
    this.#arriving.add(image);
    setTimeout(() => {
      this.#arriving.delete(image);
      if (image.complete || !image.isConnected) return;
      if (image.naturalWidth === 0) return this.#await(image);
      const address = addressOf(image);
      this.#inquiries.ask(this.#see(image, address, true), address, addressed);
    }, PATIENCE_MS);
  }
}

const addressed: Sight = async (id, address) => addressedOf(id, address);

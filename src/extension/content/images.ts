import type { PageAction, Sighting } from "../messages.ts";
import { addressOf, imagesIn, isImage, isTiny } from "./elements.ts";
import { Memory } from "./memory.ts";
import { addressedOf, sightingOf } from "./reading.ts";
import { ATTRIBUTE, dress, type Fate, fateOf, mark, SHOWN } from "./veil.ts";

const MAX_REMEMBERED = 500;
/** A picture that has begun to arrive and has not ended by then is asked about as it is. */
const PATIENCE_MS = 10_000;

/** What an element shows, and what was decided about that. */
interface Shown {
  readonly src: string;
  /** It has not all arrived, so that a good verdict does not show it yet. */
  readonly isPartial: boolean;
  fate?: Fate;
}

/**
 * Keeps every `<img>` unseen until its verdict. The style sheet hides what carries no mark; only this module sets
 * marks, and it takes back those that the page sets or copies itself, before they can be painted.
 */
export class ImageGuard {
  readonly #submit: (sightings: readonly Sighting[]) => void;
  readonly #seen = new WeakMap<HTMLImageElement, Shown>();
  readonly #arriving = new WeakSet<HTMLImageElement>();
  readonly #waiting = new Map<string, { src: string; images: Set<HTMLImageElement> }>();
  readonly #idBySrc = new Map<string, string>();
  readonly #fates = new Memory<Fate>(MAX_REMEMBERED);
  #lastId = 0;

  /** @param signal ends the guarding; `undress` takes its traces back. */
  constructor(submit: (sightings: readonly Sighting[]) => void, signal: AbortSignal) {
    this.#submit = submit;
    const early = { capture: true, signal };
    document.addEventListener("load", ({ target }) => isImage(target) && this.#consider(target), early);
    document.addEventListener("error", ({ target }) => isImage(target) && this.#giveUp(target), early);
    for (const image of document.images) this.#consider(image);
  }

  onMutations(records: readonly MutationRecord[]): void {
    for (const record of records) {
      if (record.type === "childList") this.#onAdded(record.addedNodes);
      else if (isImage(record.target)) this.#onChanged(record.target, record.attributeName);
    }
  }

  onActions(actions: readonly PageAction[]): void {
    for (const action of actions) this.#conclude(action.id, fateOf(action));
  }

  /** Shows a card with a one-click reveal for every picture that waits under these ids, until its verdict comes. */
  hold(ids: readonly string[], title: string): void {
    const fate = { look: "hide", title, mayReveal: true } as const;
    for (const id of ids) {
      const pending = this.#waiting.get(id);
      for (const image of pending?.images ?? []) this.#settle(image, pending?.src ?? "", fate);
    }
  }

  undress(): void {
    for (const image of document.images) dress(image, undefined);
  }

  #onAdded(nodes: NodeList) {
    for (const node of nodes) for (const image of imagesIn(node)) this.#consider(image);
  }

  /** A new address may be painted from the cache at any moment: hide at once, look again just before the next frame. */
  #onChanged(image: HTMLImageElement, attribute: string | null) {
    if (attribute === ATTRIBUTE) return this.#restore(image);
    this.#forget(image);
    requestAnimationFrame(() => this.#consider(image));
  }

  /**
   * A forged mark is taken back at once. One that the page removed can wait for the next frame, since without it the
   * picture is unseen: a page that removes marks as fast as they come cannot keep its tab busy with that.
   */
  #restore(image: HTMLImageElement) {
    const restore = () => mark(image, this.#seen.get(image)?.fate?.look);
    if (image.hasAttribute(ATTRIBUTE)) restore();
    else requestAnimationFrame(restore);
  }

  #consider(image: HTMLImageElement) {
    const src = addressOf(image);
    const before = this.#seen.get(image);
    // While a new address loads, the old one is still named: only a complete picture is the one that was judged.
    if (!image.complete || src === "") return this.#await(image);
    if (before?.fate && before.src === src) return mark(image, before.fate.look);
    this.#forget(image);
    this.#seen.set(image, { src, isPartial: false });
    const fate = isTiny(image) ? SHOWN : this.#fates.get(src);
    if (fate) this.#settle(image, src, fate);
    else this.#ask(image, src, sightingOf);
  }

  /** Nothing is seen of a picture while it arrives; one that never ends gets its card by the judge's own time limit. */
  #await(image: HTMLImageElement) {
    this.#forget(image);
    if (this.#arriving.has(image)) return;
    this.#arriving.add(image);
    setTimeout(() => {
      this.#arriving.delete(image);
      if (image.complete || !image.isConnected) return;
      if (image.naturalWidth === 0) return this.#await(image);
      const src = addressOf(image);
      this.#seen.set(image, { src, isPartial: true });
      this.#ask(image, src, addressedOf);
    }, PATIENCE_MS);
  }

  #forget(image: HTMLImageElement) {
    this.#seen.delete(image);
    dress(image, undefined);
  }

  #ask(image: HTMLImageElement, src: string, sight: (id: string, src: string) => Sighting | Promise<Sighting>) {
    const pending = this.#waiting.get(this.#idBySrc.get(src) ?? "");
    if (pending) {
      pending.images.add(image);
      return;
    }
    const id = `i${++this.#lastId}`;
    this.#waiting.set(id, { src, images: new Set([image]) });
    this.#idBySrc.set(src, id);
    void Promise.resolve(sight(id, src)).then((sighting) => this.#submit([sighting]));
  }

  /** A picture that did not load shows its alternative text, which is judged as text; half a picture is judged. */
  #giveUp(image: HTMLImageElement) {
    if (image.naturalWidth > 0) return this.#consider(image);
    const src = addressOf(image);
    this.#seen.set(image, { src, isPartial: false });
    this.#settle(image, src, SHOWN);
  }

  #settle(image: HTMLImageElement, src: string, fate: Fate) {
    const state = this.#seen.get(image);
    if (state?.src !== src || (state.isPartial && fate.look === "shown")) return;
    state.fate = fate;
    dress(image, fate);
  }

  /** The last word on an address: what waits for it learns it, and what comes later finds it. */
  #conclude(id: string, fate: Fate) {
    const pending = this.#waiting.get(id);
    if (!pending) return;
    const { src, images } = pending;
    this.#waiting.delete(id);
    this.#idBySrc.delete(src);
    this.#fates.set(src, fate);
    for (const image of images) this.#settle(image, src, fate);
  }

  /** Shows what the user wants to see, here and wherever its address comes again. */
  reveal(image: Element): void {
    const state = isImage(image) && this.#seen.get(image);
    if (!state) return;
    this.#conclude(this.#idBySrc.get(state.src) ?? "", SHOWN);
    this.#fates.set(state.src, SHOWN);
    this.#seen.set(image, { src: state.src, isPartial: false });
    this.#settle(image, state.src, SHOWN);
  }
}

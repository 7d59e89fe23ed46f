import type { ActionKind } from "../../core/types.ts";
import { t } from "../browser.ts";
import type { PageAction, Sighting } from "../messages.ts";
import { dress, type Fate, type Look, mark, SHOWN } from "./veil.ts";

/** Alone, a picture with no side this long says nothing to a network and is let through. */
const MIN_SIDE_PX = 48;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_REMEMBERED = 500;
const LOOKS: Record<ActionKind, Look> = { allow: "shown", warn: "shown", blur: "blur", hide: "hide", block: "hide" };

/**
 * Keeps every `<img>` unseen until its verdict. The style sheet hides what carries no mark; only this module sets
 * marks, and it takes back those that the page sets or copies itself, before they can be painted.
 */
export class ImageGuard {
  readonly #submit: (sightings: readonly Sighting[]) => void;
  /** What each element shows, and what was decided about that. */
  readonly #seen = new WeakMap<HTMLImageElement, { src: string; fate?: Fate }>();
  readonly #waiting = new Map<string, { src: string; images: Set<HTMLImageElement> }>();
  readonly #idBySrc = new Map<string, string>();
  readonly #fates = new Map<string, Fate>();
  #lastId = 0;

  /** @param signal ends the guarding; `undress` takes its traces back. */
  constructor(submit: (sightings: readonly Sighting[]) => void, signal: AbortSignal) {
    this.#submit = submit;
    const early = { capture: true, signal };
    document.addEventListener("load", ({ target }) => isImage(target) && this.#consider(target), early);
    document.addEventListener("error", ({ target }) => isImage(target) && this.#giveUp(target), early);
    addEventListener("click", (event) => this.#onReveal(event), early);
    addEventListener("keydown", (event) => /^(Enter| )$/.test(event.key) && this.#onReveal(event), early);
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
    if (attribute === "data-wardlight") return mark(image, this.#seen.get(image)?.fate?.look);
    this.#forget(image);
    requestAnimationFrame(() => this.#consider(image));
  }

  #consider(image: HTMLImageElement) {
    const src = addressOf(image);
    const before = this.#seen.get(image);
    // While a new address loads, the old one is still named: only a complete picture is the one that was judged.
    if (!image.complete || src === "") return this.#forget(image);
    if (before?.fate && before.src === src) return mark(image, before.fate.look);
    this.#forget(image);
    this.#seen.set(image, { src });
    const fate = isTiny(image) ? SHOWN : this.#fates.get(src);
    if (fate) this.#settle(image, src, fate);
    else this.#ask(image, src);
  }

  #forget(image: HTMLImageElement) {
    this.#seen.delete(image);
    dress(image, undefined);
  }

  #ask(image: HTMLImageElement, src: string) {
    const pending = this.#waiting.get(this.#idBySrc.get(src) ?? "");
    if (pending) {
      pending.images.add(image);
      return;
    }
    const id = `i${++this.#lastId}`;
    this.#waiting.set(id, { src, images: new Set([image]) });
    this.#idBySrc.set(src, id);
    void sightingOf(id, src).then((sighting) => this.#submit([sighting]));
  }

  /** A picture that did not load shows its alternative text, which is judged as text. */
  #giveUp(image: HTMLImageElement) {
    const src = addressOf(image);
    this.#seen.set(image, { src });
    this.#settle(image, src, SHOWN);
  }

  #settle(image: HTMLImageElement, src: string, fate: Fate) {
    const state = this.#seen.get(image);
    if (state?.src !== src) return;
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
    this.#remember(src, fate);
    for (const image of images) this.#settle(image, src, fate);
  }

  #remember(src: string, fate: Fate) {
    this.#fates.set(src, fate);
    const [oldest] = this.#fates.keys();
    if (this.#fates.size > MAX_REMEMBERED && oldest !== undefined) this.#fates.delete(oldest);
  }

  #onReveal(event: Event) {
    if (!isImage(event.target)) return;
    const state = this.#seen.get(event.target);
    if (!state?.fate || state.fate.look === "shown" || !state.fate.mayReveal) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#conclude(this.#idBySrc.get(state.src) ?? "", SHOWN);
    this.#remember(state.src, SHOWN);
    this.#settle(event.target, state.src, SHOWN);
  }
}

function isImage(target: EventTarget | null): target is HTMLImageElement {
  return target instanceof HTMLImageElement;
}

function addressOf(image: HTMLImageElement): string {
  return image.currentSrc || image.src;
}

/** A picture without any size of its own (some SVG) is not tiny: nobody knows how large it is painted. */
function isTiny({ naturalWidth, naturalHeight }: HTMLImageElement): boolean {
  const side = Math.max(naturalWidth, naturalHeight);
  return side > 0 && side < MIN_SIDE_PX;
}

function* imagesIn(node: Node): Generator<HTMLImageElement> {
  if (isImage(node)) yield node;
  else if (node instanceof Element) yield* node.querySelectorAll("img");
}

function fateOf({ kind, category, mayReveal }: PageAction): Fate {
  const look = LOOKS[kind];
  if (look === "shown") return SHOWN;
  return { look, title: t("heldTitle", t(category === "sexual" ? "reasonSexual" : "reasonFailure")), mayReveal };
}

/** Takes the file from the page's own cache where the page may read it; else the judge fetches it. */
async function sightingOf(id: string, src: string): Promise<Sighting> {
  const sighting = { kind: "image", id, context: "page", src } as const;
  const isReadable = src.startsWith("blob:") || URL.parse(src)?.origin === location.origin;
  if (!isReadable) return sighting;
  try {
    const response = await fetch(src, { cache: "force-cache" });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return response.ok && bytes.length <= MAX_BYTES ? { ...sighting, bytes } : sighting;
  } catch {
    return sighting;
  }
}

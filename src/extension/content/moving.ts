import type { PageAction, PageSummary, Sighting } from "../messages.ts";
import { CanvasWatch } from "./canvas.ts";
import type { Moving } from "./frames.ts";
import { Questions } from "./questions.ts";
import { ATTRIBUTE, type Fate, veilOf } from "./veil.ts";
import { VideoWatch } from "./video.ts";
import type { Watch } from "./watch.ts";

/** So far outside of the viewport a thing is looked at already. */
const MARGIN = "100px";

/** Keeps every `<video>` and `<canvas>` unseen until its verdict, and again when it shows something else. */
export class MovingGuard {
  readonly #questions: Questions;
  readonly #watches = new Map<Element, Watch>();
  readonly #inView = new Set<Element>();
  readonly #observer = new IntersectionObserver((entries) => this.#onSight(entries), { rootMargin: MARGIN });

  /** @param signal ends the guarding; `undress` takes its traces back. */
  constructor(submit: (sightings: readonly Sighting[]) => void, signal: AbortSignal) {
    this.#questions = new Questions(submit);
    document.addEventListener("visibilitychange", () => this.#onTab(), { signal });
    signal.addEventListener("abort", () => this.#observer.disconnect());
    this.add(document);
  }

  /** Everything that moves at or below a node; what is known already is left as it is. */
  add(node: Node): void {
    if (isMoving(node)) this.#watch(node);
    else if (node instanceof Element || node instanceof Document || node instanceof DocumentFragment)
      for (const element of node.querySelectorAll<Moving>("video, canvas")) this.#watch(element);
  }

  onMutations(records: readonly MutationRecord[], added: readonly Element[]): void {
    for (const element of added) this.add(element);
    for (const { type, target, attributeName } of records)
      if (type === "attributes") this.#onChanged(target as Element, attributeName);
  }

  onActions(actions: readonly PageAction[]): void {
    this.#questions.onActions(actions);
  }

  /** Everything that waits under these ids has this fate for the time being. */
  hold(ids: readonly string[], fate: Fate): void {
    this.#questions.hold(ids, fate);
  }

  /** @returns whether it is one of this guard's. */
  reveal(element: Element): boolean {
    const watch = this.#watches.get(element);
    watch?.reveal();
    return watch !== undefined;
  }

  /** How what is in view stands now. */
  count(): PageSummary["pictures"] {
    const counts = { shown: 0, waiting: 0, veiled: 0 };
    for (const element of this.#inView) {
      if (element.getAttribute(ATTRIBUTE) === "shown") counts.shown++;
      else if (veilOf(element)) counts.veiled++;
      else counts.waiting++;
    }
    return counts;
  }

  undress(): void {
    for (const watch of this.#watches.values()) watch.end();
    this.#watches.clear();
  }

  #watch(element: Moving) {
    if (this.#watches.has(element)) return;
    const watch =
      element instanceof HTMLVideoElement
        ? new VideoWatch(element, this.#questions)
        : new CanvasWatch(element, this.#questions);
    this.#watches.set(element, watch);
    this.#observer.observe(element);
  }

  #onSight(entries: readonly IntersectionObserverEntry[]) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#inView.add(target);
      else this.#inView.delete(target);
      this.#watches.get(target)?.see(isIntersecting && !document.hidden);
      if (!target.isConnected) this.#drop(target);
    }
  }

  #drop(element: Element) {
    this.#observer.unobserve(element);
    this.#watches.get(element)?.end();
    this.#watches.delete(element);
  }

  #onTab() {
    for (const element of this.#inView) this.#watches.get(element)?.see(!document.hidden);
  }

  #onChanged(element: Element, attribute: string | null) {
    const watch = this.#watches.get(element);
    if (!watch) return;
    // As of pictures: a forged mark goes at once, a removed one can wait, since without it nothing is seen.
    if (attribute === ATTRIBUTE && element.hasAttribute(ATTRIBUTE)) watch.present();
    else if (attribute === ATTRIBUTE) requestAnimationFrame(() => watch.present());
    else if (watch instanceof VideoWatch && attribute === "poster") watch.considerPoster();
    else if (watch instanceof VideoWatch && attribute === "src") watch.changeSource();
  }
}

function isMoving(node: Node): node is Moving {
  return node instanceof HTMLVideoElement || node instanceof HTMLCanvasElement;
}

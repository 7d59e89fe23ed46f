import { isHeld, setHeld } from "./held.ts";

/** What is new is looked at before it is painted, for a third of what counts as a long task; most pages need a part of it. */
const FRAME_MS = 15;
/** Of more, the styles alone would take longer than that: the browser works them out first. */
const MAX_IN_FRAME = 300;
/** What can wait is not to be felt by the user: a third of the time between two frames. */
const SLICE_MS = 5;
/** In a tab behind, which is called rarely and where nobody feels it. */
const BEHIND_MS = 40;
const IDLE_WITHIN_MS = 300;

/** What is done with an element whose turn comes. */
export interface Surveyor {
  look(element: Element): void;
  /** The next frame comes before its turn: nothing that it paints may be seen until then. */
  withhold(element: Element): void;
  /** It has been looked at. */
  release(element: Element): void;
}

/**
 * Has elements looked at: a few before the next frame is painted, many in slices, each once however often it was named in
 * between. What a frame would overtake is withheld.
 */
export class Survey {
  readonly #surveyor: Surveyor;
  readonly #soon = new Set<Element>();
  /** Overtaken by a frame. */
  readonly #late = new Set<Element>();
  readonly #roots = new Set<Node>();
  #walker: Iterator<Element> | undefined;
  #isFrameAsked = false;
  /** It was asked for in an earlier task, so that it is called before anything else is painted. */
  #isFrameNext = false;
  /** Of what may be spent before the next frame. */
  #spentMs = 0;
  #isSliceAsked = false;
  #isIdleAsked = false;

  constructor(surveyor: Surveyor) {
    this.#surveyor = surveyor;
  }

  /**
   * In Chrome, nothing is looked at until the browser itself has worked out the next frame. Whoever makes it work out
   * styles is taken for the one who loads what `<object>` and `<embed>` name, and a content script may not load that.
   */
  hold(): void {
    if (isHeld()) return;
    setHeld(true);
    requestAnimationFrame(() =>
      setTimeout(() => {
        setHeld(false);
        this.#work(SLICE_MS);
      }),
    );
  }

  get isHeld(): boolean {
    return isHeld();
  }

  /** Whether something that is to be looked at before the next frame was not looked at yet. */
  get isBusy(): boolean {
    return this.#soon.size + this.#late.size > 0;
  }

  /** At once, unless it has to wait. */
  now(elements: Iterable<Element>): void {
    if (isHeld()) this.soon(elements);
    else for (const element of elements) this.#surveyor.look(element);
  }

  /**
   * Before anything is painted, as many as there is time for; the rest after it. Nobody tells a script whether it is
   * called by a page that is just drawing a frame: unless it surely is not, this is done at once.
   */
  soon(elements: Iterable<Element>): void {
    for (const element of elements) this.#soon.add(element);
    if (this.#soon.size === 0) return;
    // A microtask, so that all who hear of the same changes have had their say.
    if (!this.#isFrameNext && !document.hidden) queueMicrotask(() => this.#beforeFrame());
    this.#askFrame();
    // A tab behind has no frames, and is to be ready when it comes to the front.
    this.#askIdle();
  }

  #askFrame() {
    if (this.#isFrameAsked) return;
    this.#isFrameAsked = true;
    requestAnimationFrame(() => {
      this.#isFrameAsked = false;
      this.#isFrameNext = false;
      this.#beforeFrame();
    });
    setTimeout(() => {
      this.#isFrameNext = this.#isFrameAsked;
      this.#spentMs = 0;
    });
  }

  #beforeFrame() {
    if (this.#soon.size === 0) return;
    const from = performance.now();
    if (this.#soon.size <= MAX_IN_FRAME) this.#work(FRAME_MS - this.#spentMs);
    this.#spentMs += performance.now() - from;
    this.#withhold();
  }

  /** A node and all below it, when idle. */
  later(root: Node): void {
    this.#roots.add(root);
    this.#askIdle();
  }

  #withhold() {
    for (const element of this.#soon) {
      this.#surveyor.withhold(element);
      this.#late.add(element);
    }
    this.#soon.clear();
    if (this.#late.size > 0 && !isHeld()) this.#askSlice();
  }

  #askSlice() {
    if (this.#isSliceAsked) return;
    this.#isSliceAsked = true;
    setTimeout(() => {
      this.#isSliceAsked = false;
      this.#work(SLICE_MS);
    });
  }

  #askIdle() {
    if (this.#isIdleAsked) return;
    this.#isIdleAsked = true;
    requestIdleCallback(
      () => {
        this.#isIdleAsked = false;
        this.#work(document.hidden ? BEHIND_MS : SLICE_MS, true);
      },
      { timeout: IDLE_WITHIN_MS },
    );
  }

  /** Whoever holds the survey goes on with it. */
  #work(budgetMs: number, isIdle = false) {
    if (isHeld()) return;
    const until = performance.now() + budgetMs;
    const looked: Element[] = [];
    while (performance.now() < until) {
      const element = this.#waiting() ?? (isIdle ? this.#far() : undefined);
      if (!element) break;
      if (!element.isConnected) continue;
      this.#surveyor.look(element);
      looked.push(element);
    }
    // One by one, each would have the next one's styles worked out anew.
    for (const element of looked) this.#surveyor.release(element);
    if (this.#late.size > 0) this.#askSlice();
    if (this.#roots.size > 0 || this.#walker) this.#askIdle();
  }

  #waiting(): Element | undefined {
    for (const elements of [this.#soon, this.#late])
      for (const element of elements) {
        elements.delete(element);
        return element;
      }
    return undefined;
  }

  #far(): Element | undefined {
    for (;;) {
      const { value } = this.#walker?.next() ?? {};
      if (value) return value;
      this.#walker = undefined;
      const [root] = this.#roots;
      if (!root) return undefined;
      this.#roots.delete(root);
      this.#walker = elementsOf(root);
    }
  }
}

/** In document order; what changes meanwhile is named anew by whoever sees it change. */
function* elementsOf(root: Node): Generator<Element> {
  if (root instanceof Element) yield root;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) yield node as Element;
}

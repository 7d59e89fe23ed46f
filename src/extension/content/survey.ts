/** What is new is looked at before it is painted: half of what counts as a long task, and most pages need a tenth of it. */
const FRAME_MS = 30;
/** What can wait is not to be felt by the user: a third of the time between two frames. */
const SLICE_MS = 5;
const IDLE_WITHIN_MS = 300;

/**
 * Has elements looked at: a few just before the next frame is painted, many in slices when the browser is idle, each
 * once however often it was named in between.
 */
export class Survey {
  readonly #look: (element: Element) => void;
  readonly #soon = new Set<Element>();
  readonly #roots = new Set<Node>();
  #walker: Iterator<Element> | undefined;
  #isFrameAsked = false;
  #isHeld = false;
  #isIdleAsked = false;

  constructor(look: (element: Element) => void) {
    this.#look = look;
  }

  /**
   * In Chrome, nothing is looked at until the browser itself has worked out the next frame. Whoever makes it work out
   * styles is taken for the one who loads what `<object>` and `<embed>` name, and a content script may not load that.
   */
  hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    requestAnimationFrame(() =>
      setTimeout(() => {
        this.#isHeld = false;
        this.#work(FRAME_MS);
      }),
    );
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Whether something that is to be looked at before the next frame was not looked at yet. */
  get isBusy(): boolean {
    return this.#soon.size > 0;
  }

  /** At once, unless it has to wait. */
  now(elements: Iterable<Element>): void {
    if (this.#isHeld) this.soon(elements);
    else for (const element of elements) this.#look(element);
  }

  /** Before the next frame, as many as there is time for; the rest when idle. */
  soon(elements: Iterable<Element>): void {
    for (const element of elements) this.#soon.add(element);
    if (this.#isFrameAsked || this.#soon.size === 0) return;
    this.#isFrameAsked = true;
    requestAnimationFrame(() => {
      this.#isFrameAsked = false;
      this.#work(FRAME_MS);
    });
    // A tab behind has no frames, and is to be ready when it comes to the front.
    this.#askIdle();
  }

  /** A node and all below it. */
  later(root: Node): void {
    this.#roots.add(root);
    this.#askIdle();
  }

  #askIdle() {
    if (this.#isIdleAsked) return;
    this.#isIdleAsked = true;
    requestIdleCallback(
      () => {
        this.#isIdleAsked = false;
        this.#work(SLICE_MS);
      },
      { timeout: IDLE_WITHIN_MS },
    );
  }

  #work(budgetMs: number) {
    if (this.#isHeld) return;
    const until = performance.now() + budgetMs;
    while (performance.now() < until) {
      const element = this.#next();
      if (!element) return;
      if (element.isConnected) this.#look(element);
    }
    this.#askIdle();
  }

  #next(): Element | undefined {
    for (const element of this.#soon) {
      this.#soon.delete(element);
      return element;
    }
    for (;;) {
      const { value } = this.#walker?.next() ?? {};
      if (value) return value;
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

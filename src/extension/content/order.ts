import type { Urgency } from "../messages.ts";

/** How far beyond the viewport is near, in heights of it. */
const NEAR = "100%";

/** Knows how soon the user will see an element, from the browser's own observation of the viewport. */
export class Order {
  readonly #urgencies = new WeakMap<Element, Urgency>();
  readonly #visible: IntersectionObserver;
  readonly #near: IntersectionObserver;
  readonly #inView = new WeakSet<Element>();
  readonly #inReach = new WeakSet<Element>();

  /** @param onChange gets elements whose urgency is new. */
  constructor(onChange: (elements: readonly Element[]) => void) {
    const observer = (places: WeakSet<Element>, rootMargin: string) =>
      new IntersectionObserver(
        (entries) => onChange(entries.filter((entry) => this.#note(entry, places)).map(({ target }) => target)),
        {
          rootMargin,
        },
      );
    this.#visible = observer(this.#inView, "0px");
    this.#near = observer(this.#inReach, NEAR);
  }

  watch(element: Element): void {
    this.#near.observe(element);
    this.#visible.observe(element);
  }

  leave(element: Element): void {
    this.#near.unobserve(element);
    this.#visible.unobserve(element);
    this.#urgencies.delete(element);
  }

  /** Undefined until the browser has looked, which it does not in a tab behind. */
  of(element: Element): Urgency | undefined {
    return this.#urgencies.get(element);
  }

  #note({ target, isIntersecting }: IntersectionObserverEntry, places: WeakSet<Element>): boolean {
    if (isIntersecting) places.add(target);
    else places.delete(target);
    const urgency = this.#inView.has(target) ? 0 : this.#inReach.has(target) ? 1 : 2;
    const isNew = this.#urgencies.get(target) !== urgency;
    this.#urgencies.set(target, urgency);
    return isNew;
  }
}

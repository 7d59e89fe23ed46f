import type { Urgency } from "../messages.ts";

/** How far beyond the viewport is near, in heights of it. */
const NEAR = "100%";

/** Knows how soon the user will see an element, from the browser's own observation of the viewport. */
export class Order {
  readonly #isVisible = new WeakMap<Element, boolean>();
  readonly #isNear = new WeakMap<Element, boolean>();
  readonly #observers: readonly IntersectionObserver[];

  /** @param onChange gets elements that came or went. */
  constructor(onChange: (elements: readonly Element[]) => void) {
    const observer = (places: WeakMap<Element, boolean>, rootMargin: string) =>
      new IntersectionObserver(
        (entries) => {
          for (const { target, isIntersecting } of entries) places.set(target, isIntersecting);
          onChange(entries.map(({ target }) => target));
        },
        { rootMargin },
      );
    this.#observers = [observer(this.#isVisible, "0px"), observer(this.#isNear, NEAR)];
  }

  watch(element: Element): void {
    for (const observer of this.#observers) observer.observe(element);
  }

  leave(element: Element): void {
    for (const observer of this.#observers) observer.unobserve(element);
    this.#isVisible.delete(element);
    this.#isNear.delete(element);
  }

  /** Undefined until the browser has looked, which it does not in a tab behind. */
  of(element: Element): Urgency | undefined {
    const [isVisible, isNear] = [this.#isVisible.get(element), this.#isNear.get(element)];
    if (isVisible === undefined || isNear === undefined) return undefined;
    return isVisible ? 0 : isNear ? 1 : 2;
  }
}

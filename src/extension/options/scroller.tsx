import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  /** What is in it, for who cannot see it. */
  label: string;
  class: string;
  children: ComponentChildren;
}

/** A place that scrolls by keyboard too: Tab stops at it while its content is larger than itself. */
export function Scroller({ label, class: name, children }: Props) {
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
      const isLarger = scrollWidth > clientWidth || scrollHeight > clientHeight;
      element.tabIndex = isLarger ? 0 : -1;
    });
    for (const observed of [element, ...element.children]) observer.observe(observed);
    return () => observer.disconnect();
  }, []);
  return (
    <section ref={place} class={name} aria-label={label}>
      {children}
    </section>
  );
}

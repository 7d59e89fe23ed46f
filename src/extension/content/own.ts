/** Shared by all content scripts of a frame; a page does not see their world. */
const OWN = Symbol.for("wardlight-own");

function own(): WeakSet<Element> {
  const world = globalThis as unknown as Record<symbol, WeakSet<Element> | undefined>;
  world[OWN] ??= new WeakSet();
  return world[OWN];
}

/** What an element says, in its shadow tree and its label, is our own word and no text of the page. */
export function claim(element: Element): void {
  own().add(element);
}

export function disclaim(element: Element): void {
  own().delete(element);
}

export function isOwn(element: Element): boolean {
  return own().has(element);
}

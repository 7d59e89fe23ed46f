export const XLINK = "http://www.w3.org/1999/xlink";

/** The page's own addresses of pictures in filters, while these may not have them. */
const withheld = new WeakMap<Element, string>();

/** The address that a filter's picture has been deprived of. */
export function withheldBy(element: Element): string | undefined {
  return element.getAttribute("href") ? undefined : withheld.get(element);
}

/**
 * A picture in a filter is painted by whatever the filter is laid on: no style hides it. So it has its address only while
 * it may be seen. Other elements are left alone.
 */
export function release(element: Element, isShown: boolean): void {
  if (element.localName !== "feImage") return;
  const address = withheldBy(element);
  if (isShown && address !== undefined) {
    withheld.delete(element);
    element.setAttribute("href", address);
  } else if (!isShown && address === undefined) {
    withheld.set(element, element.getAttribute("href") || element.getAttributeNS(XLINK, "href") || "");
    element.setAttribute("href", "");
  }
}

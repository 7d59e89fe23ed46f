import { withheldBy, XLINK } from "./filters.ts";

/** Elements that paint a picture of their own, by the local name; what style sheets add is another matter. */
export const PICTURES = "img,input[type=image i],object,embed,image,feImage";

/** By name, since an element that came from another frame's document is no instance of this one's classes. */
export function isImage(target: EventTarget | null): target is HTMLImageElement {
  return (target as Element | null)?.localName === "img";
}

export function isPicture(target: EventTarget | null): target is Element {
  return (target as Partial<Element> | null)?.matches?.(PICTURES) ?? false;
}

export function* elementsIn(node: Node, selector: string): Generator<Element> {
  if (!("querySelectorAll" in node)) return;
  if (node instanceof Element && node.matches(selector)) yield node;
  // A page that is being parsed tells of each element by itself, before anything is in it.
  if ((node as ParentNode).firstElementChild === null) return;
  yield* (node as ParentNode).querySelectorAll(selector);
}

/** The elements that records tell of as added, but for those in one another: a page that is parsed tells of each. */
export function addedIn(records: readonly MutationRecord[]): Element[] {
  const added = new Set<Node>();
  for (const { type, addedNodes } of records)
    if (type === "childList") for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) added.add(node);
  return [...added].filter(({ parentNode }) => !parentNode || !added.has(parentNode)) as Element[];
}

/** Absolute address of the picture that an element is to paint; "" for none. */
export function addressOf(element: Element): string {
  if (isImage(element)) return element.currentSrc || element.src;
  const value =
    withheldBy(element) ?? element.getAttribute(sourceName(element)) ?? element.getAttributeNS(XLINK, "href");
  return value ? (URL.parse(value, element.baseURI)?.href ?? "") : "";
}

/** The attribute that names the picture of anything but an `<img>`. */
export function sourceName({ localName }: Element): "data" | "href" | "src" {
  return localName === "object" ? "data" : localName.endsWith("mage") ? "href" : "src";
}

/** Whether an image gets its address from a list, so that it has none until the browser has chosen. */
export function hasChoice({ srcset, parentElement }: HTMLImageElement): boolean {
  return srcset !== "" || (parentElement?.localName === "picture" && !!parentElement.querySelector("source[srcset]"));
}

const PICTURE_NAME = /\.(apng|avif|bmp|gif|ico|jfif|jpe?g|png|svg|webp)$/i;

/** Firefox has this on each element; Chrome in its extension API. */
const IS_CHROME = !("openOrClosedShadowRoot" in Element.prototype);

function isPlugin({ localName }: Element): boolean {
  return localName === "object" || localName === "embed";
}

/** Whether Chrome would take a content script's look at styles for the wish to load this. */
export function isTouchy(element: Element): boolean {
  return IS_CHROME && isPlugin(element);
}

/** Whether a picture comes as a frame, as those of `<object>` and `<embed>` do in Firefox. */
export function isFrame(element: Element): boolean {
  return !IS_CHROME && isPlugin(element);
}

/**
 * Whether `<object>` or `<embed>` holds a document or a plug-in rather than a picture: frames have a guard of their own.
 * Where nothing tells, it counts as a picture.
 */
export function isDocument(element: Element): boolean {
  if (!isPlugin(element)) return false;
  const type = element.getAttribute("type") ?? "";
  if (type) return !type.startsWith("image/") || type.startsWith("image/svg");
  const { pathname = "", protocol } = URL.parse(addressOf(element)) ?? {};
  const isNamed = PICTURE_NAME.test(pathname);
  const isWindow = element.localName === "object" && (element as HTMLObjectElement).contentWindow !== null;
  if (isWindow && (IS_CHROME || !isNamed)) return true;
  return protocol !== "data:" && /\.\w+$/.test(pathname) && !isNamed;
}

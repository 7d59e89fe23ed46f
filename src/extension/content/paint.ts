/** What the style of an element and of its pseudo-elements paints. */
export interface Paint {
  /** Absolute, each once; empty where there are gradients alone. */
  readonly addresses: readonly string[];
  /** Some of them stand as content, or as the marker of a list: of a size that style cannot take away. */
  readonly isContent: boolean;
  /** One of them stands in the place of the element itself. */
  readonly isReplaced: boolean;
}

/** Style sheets give these no box that paints. */
const UNPAINTED = /^(base|br|head|link|meta|noscript|option|param|script|source|style|template|title|track|wbr)$/;
const PSEUDO = ["::before", "::after"] as const;
const SVG = "http://www.w3.org/2000/svg";

/** Whether style can have an element paint anything. */
export function mayPaint({ localName, namespaceURI }: Element): boolean {
  return !UNPAINTED.test(localName) && (namespaceURI !== SVG || localName === "svg");
}

/**
 * Reads what style paints on an element as it is now, as computed: whatever sheet, animation or state it comes from.
 * Undefined where it paints nothing but colours and text.
 * @param markerOf says what stands as the content of a list item's marker.
 */
export function paintOf(element: Element, markerOf: (item: Element) => string): Paint | undefined {
  if (!mayPaint(element)) return undefined;
  const own = getComputedStyle(element);
  const images = imagesOf(own);
  const contents = isPicture(own.content) ? [own.content] : [];
  const isReplaced = contents.length > 0;
  contents.push(...bulletOf(own));
  if (own.display.includes("list-item")) contents.push(...[markerOf(element)].filter(isPicture));
  for (const name of PSEUDO) {
    const style = getComputedStyle(element, name);
    if (style.content === "none" || style.content === "normal") continue;
    images.push(...imagesOf(style));
    if (isPicture(style.content)) contents.push(style.content);
    contents.push(...bulletOf(style));
  }
  if (element.localName === "dialog" || element.hasAttribute("popover"))
    images.push(...imagesOf(getComputedStyle(element, "::backdrop")));
  if (images.length + contents.length === 0) return undefined;
  const addresses = [...new Set([...images, ...contents].flatMap(addressesIn))];
  return { addresses, isContent: contents.length > 0, isReplaced };
}

function bulletOf({ display, listStyleImage }: CSSStyleDeclaration): string[] {
  return listStyleImage !== "none" && display.includes("list-item") ? [listStyleImage] : [];
}

function imagesOf({ backgroundImage, borderImageSource, maskImage }: CSSStyleDeclaration): string[] {
  return [backgroundImage, borderImageSource, maskImage].filter((value) => value && value !== "none");
}

/** Rather than text, a counter or an attribute. */
function isPicture(content: string): boolean {
  return /url\(|gradient\(/.test(content);
}

/** The addresses in a computed value; a part of the page itself (`url(#mask)`) is no picture. */
export function addressesIn(value: string): string[] {
  const here = location.href.split("#", 1)[0];
  return Array.from(value.matchAll(/url\("((?:[^"\\]|\\.)*)"\)/g), ([, address = ""]) => unescaped(address)).filter(
    (address) =>
      address !== "" && !address.startsWith("#") && !(address.includes("#") && address.split("#", 1)[0] === here),
  );
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([0-9a-f]{1,6}) ?|\\(.)/gi, (_, code?: string, plain?: string) =>
    code ? String.fromCodePoint(Number.parseInt(code, 16)) : (plain ?? ""),
  );
}

/** What the animations of an element and of its pseudo-elements will paint by and by; undefined for nothing. */
export function comingPaint(element: Element): Paint | undefined {
  const effects = element
    .getAnimations({ subtree: true })
    .flatMap(({ effect }) => (effect instanceof KeyframeEffect && effect.target === element ? effect : []));
  const coming = effects.map((effect) => ({
    addresses: effect.getKeyframes().flatMap((frame) => addressesIn(Object.values(frame).join())),
    isContent: !!effect.pseudoElement,
  }));
  const addresses = coming.flatMap((one) => one.addresses);
  const isContent = coming.some((one) => one.isContent && one.addresses.length > 0);
  return addresses.length > 0 ? { addresses, isContent, isReplaced: false } : undefined;
}

import type { Concealment, Role } from "../../core/page/structure.ts";
import { hasAiChat, isInTranscript } from "./chats.ts";
import { type Colour, colourOf, contrast, over } from "./contrast.ts";
import { type Area, clipsAll, intersect, isNothing } from "./geometry.ts";
import { isCommentUnit, isRepeated, isThread, namingOf, roleNamed } from "./roles.ts";

/** What an element, and all around it, does to the text in it. */
interface Look {
  readonly opacity: number;
  /** What is left of the plane, by clipping boxes; for what is positioned, by the positioned ones alone. */
  readonly clip: Area | undefined;
  readonly positionedClip: Area | undefined;
  readonly isClipped: boolean;
  /** Where the plane begins that can be scrolled; undefined for what stays where it is on the screen. */
  readonly origin: { readonly x: number; readonly y: number } | undefined;
  /** Opaque; undefined where nobody can tell, as before a picture. */
  readonly background: Colour | undefined;
  /** Something opaque is drawn over what is put behind (`z-index` below 0) here, and over the element itself. */
  readonly hasWall: boolean;
  readonly isBehind: boolean;
  readonly cutsText: boolean;
  readonly isThread: boolean;
  /** Our own doing hides it. */
  readonly isCovered: boolean;
  readonly role: Role;
  readonly comment: Element | undefined;
}

/** How a text stands before its reader. */
export interface Sight {
  readonly concealments: readonly Concealment[];
  readonly role: Role;
  /** The comment that it stands in. */
  readonly comment: Element | undefined;
  /** From the viewport, in CSS pixels; 0 within it. */
  readonly distance: number;
}

const FAINT = 0.1;
const TINY_PX = 3;
/** Legible text begins at 3 or 4.5; the faintest greys of real pages lie at 1.5. */
const MIN_CONTRAST = 1.25;
/** Further to the right, in screens, no page that can be scrolled goes. */
const FAR_SCREENS = 4;
const WHITE: Colour = { r: 255, g: 255, b: 255, a: 1 };
/** What browsers paint behind a dark page that names no colour. */
const NIGHT: Colour = { r: 18, g: 18, b: 18, a: 1 };

/** Looks at texts; good for as long as the page does not change or scroll. */
export class Looks {
  readonly #isOurs: (element: Element) => boolean;
  readonly #known = new Map<Element, Look>();
  readonly #ground = groundOf();
  /** Whether an AI is spoken to on this page; looked up with the first that asks. */
  #hasAiChat: boolean | undefined;

  /** @param isOurs whether a comment is covered by ourselves. */
  constructor(isOurs: (element: Element) => boolean) {
    this.#isOurs = isOurs;
  }

  /** @param around what a text stands in directly. */
  text(node: Text, around: Element): Sight {
    const look = this.#of(around);
    const { role, comment } = look;
    if (look.isCovered) return { concealments: [], role, comment, distance: 0 };
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const distance = Math.max(0, box.top - innerHeight, -box.bottom);
    return { concealments: concealmentsOf(around, look, box), role, comment, distance };
  }

  /** Of what is never drawn as text: where its owner stands. */
  place(owner: Element): Pick<Sight, "role" | "comment"> {
    const { role, comment } = this.#of(owner);
    return { role, comment };
  }

  #of(element: Element): Look {
    const chain: Element[] = [];
    let above: Element | undefined = element;
    while (above && !this.#known.has(above)) {
      chain.push(above);
      above = around(above);
    }
    let look = above ? this.#known.get(above) : undefined;
    for (const one of chain.reverse()) {
      look = this.#within(look ?? this.#root(), one);
      this.#known.set(one, look);
    }
    return look ?? this.#root();
  }

  #root(): Look {
    const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    return {
      opacity: 1,
      // A frame may have no size itself.
      clip: isNothing(screen) ? screen : undefined,
      positionedClip: undefined,
      isClipped: false,
      origin: { x: -scrollX, y: -scrollY },
      background: this.#ground,
      hasWall: false,
      isBehind: false,
      cutsText: false,
      isThread: false,
      isCovered: false,
      role: "body",
      comment: undefined,
    };
  }

  #within(above: Look, element: Element): Look {
    const style = getComputedStyle(element);
    const naming = namingOf(element);
    const isUnit = isCommentUnit(naming) || (above.isThread && isRepeated(element));
    const isThreadOwn = isThread(naming);
    return {
      ...planeOf(above, element, style),
      opacity: above.opacity * Number(style.opacity),
      isClipped: above.isClipped || clipsAll(style.clip, style.clipPath),
      background: backgroundOf(style, above.background),
      ...layerOf(above, element, style),
      cutsText: above.cutsText || style.backgroundClip.includes("text"),
      isThread: isThreadOwn || (above.isThread && !isUnit),
      isCovered: above.isCovered || this.#isOurs(element),
      role: isUnit ? "comment" : this.#roleOf(element, roleNamed(naming), above.role),
      comment: isUnit ? element : above.comment,
    };
  }

  #roleOf(element: Element, named: Role | undefined, above: Role): Role {
    const isShown = named === "code" || named === "quotation";
    return isShown && (above === "exhibit" || this.#isInChat(element)) ? "exhibit" : (named ?? above);
  }

  #isInChat(element: Element): boolean {
    if (!isInTranscript(element)) return false;
    this.#hasAiChat ??= hasAiChat();
    return this.#hasAiChat;
  }
}

/** The element around another as it is drawn. */
function around(element: Element): Element | undefined {
  const root = element.parentElement ? undefined : element.getRootNode();
  return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : undefined);
}

function concealmentsOf(around: Element, look: Look, box: DOMRect): Concealment[] {
  if (!around.checkVisibility()) return [around.closest("[hidden]") ? "hidden" : "display"];
  const style = getComputedStyle(around);
  const isTiny = Number.parseFloat(style.fontSize) < TINY_PX;
  const isBoxed = isNothing(box) || (look.clip !== undefined && isNothing(look.clip));
  const isCut = look.isClipped || (!isBoxed && isNothing(intersect(box, look.clip)));
  const holds: Partial<Record<Concealment, boolean>> = {
    visibility: style.visibility !== "visible",
    opacity: look.opacity < FAINT,
    font: isTiny,
    size: isBoxed && !isTiny,
    clip: isCut && !isTiny,
    "off-screen": isOffScreen(box, look.origin),
    colour: isOfBackground(style, look),
  };
  const found = (Object.keys(holds) as Concealment[]).filter((means) => holds[means]);
  return found.length === 0 && (look.isBehind || isCoveredAt(around, box)) ? ["behind"] : found;
}

function planeOf(
  above: Look,
  element: Element,
  style: CSSStyleDeclaration,
): Pick<Look, "clip" | "positionedClip" | "origin"> {
  const { position } = style;
  const isFixed = position === "fixed";
  const inherited = isFixed ? undefined : position === "absolute" ? above.positionedClip : above.clip;
  const origin = isFixed ? undefined : above.origin;
  const overflow = `${style.overflowX} ${style.overflowY}`;
  const clips =
    /hidden|clip|auto|scroll/.test(overflow) && !/^(html|body)$/.test(element.localName) && style.display !== "inline";
  const box = clips ? intersect(element.getBoundingClientRect(), inherited) : inherited;
  const isScrolled = /auto|scroll/.test(overflow) && clips && box !== undefined && !isNothing(box);
  const { left, top } = isScrolled ? element.getBoundingClientRect() : { left: 0, top: 0 };
  const clip = isScrolled ? undefined : box;
  return {
    clip,
    positionedClip: position === "static" ? above.positionedClip : clip,
    origin: isScrolled ? { x: left - element.scrollLeft, y: top - element.scrollTop } : origin,
  };
}

function backgroundOf({ backgroundColor, backgroundImage }: CSSStyleDeclaration, behind: Colour | undefined) {
  const colour = colourOf(backgroundColor);
  if (backgroundImage !== "none" || !colour) return undefined;
  if (colour.a >= 0.99) return colour;
  return behind && colour.a > 0 ? over(colour, behind) : colour.a > 0 ? undefined : behind;
}

/**
 * What is put behind stands under the background of every element between it and the one that makes its layer (CSS 2.2,
 * appendix E); that of `<body>` is painted on the page itself.
 */
function layerOf(above: Look, { localName }: Element, style: CSSStyleDeclaration): Pick<Look, "hasWall" | "isBehind"> {
  const { position, zIndex, opacity, transform, filter, isolation, backgroundColor } = style;
  const isPlaced = position !== "static" && zIndex !== "auto";
  const isFloating = Number(opacity) < 1 || transform !== "none" || filter !== "none" || isolation === "isolate";
  const isLayer = isPlaced || isFloating || /^(fixed|sticky)$/.test(position) || /^(html|body)$/.test(localName);
  const isWall = (colourOf(backgroundColor)?.a ?? 0) > 0.95;
  return {
    hasWall: !isLayer && (above.hasWall || isWall),
    isBehind: above.isBehind || (isPlaced && Number(zIndex) < 0 && above.hasWall),
  };
}

/** A page that is read from right to left begins on the other side. */
function isOffScreen({ left, top, right, bottom }: Area, origin: Look["origin"]): boolean {
  if (!origin) return right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight;
  const isLeft = getComputedStyle(document.documentElement).direction !== "rtl" && right <= origin.x;
  return isLeft || bottom <= origin.y || left - origin.x > FAR_SCREENS * innerWidth;
}

function isOfBackground(style: CSSStyleDeclaration, { background, cutsText }: Look): boolean {
  if (style.textShadow !== "none" || cutsText) return false;
  const colour = colourOf(style.webkitTextFillColor || style.color);
  if (!colour) return false;
  return (
    colour.a < FAINT || (background !== undefined && contrast(over(colour, background), background) < MIN_CONTRAST)
  );
}

/** Whether something opaque that scrolls along is drawn over the middle of a text; asked on the screen alone. */
function isCoveredAt(element: Element, { left, top, right, bottom }: Area): boolean {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false;
  const root = element.getRootNode() as Document | ShadowRoot;
  const isOwn = (other: Element) => other.contains(element) || element.contains(other);
  const first = root.elementFromPoint(x, y);
  if (!first || isOwn(first)) return false;
  const stack = root.elementsFromPoint(x, y);
  const own = stack.findIndex(isOwn);
  return stack.slice(0, Math.max(0, own)).some(isOpaque);
}

function isOpaque(element: Element): boolean {
  const { backgroundColor, opacity, position } = getComputedStyle(element);
  if (position === "fixed" || position === "sticky" || Number(opacity) < 0.95) return false;
  return (
    /^(img|video|canvas|iframe|embed|object)$/.test(element.localName) || (colourOf(backgroundColor)?.a ?? 0) > 0.95
  );
}

/** The colour behind the page; undefined for a frame of another site, which lets through what lies behind it. */
function groundOf(): Colour | undefined {
  const { colorScheme } = getComputedStyle(document.documentElement);
  const isDark = colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches;
  return window === top || frameElement ? (isDark ? NIGHT : WHITE) : undefined;
}

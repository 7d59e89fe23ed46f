import type { Concealment, Structure } from "../../core/page/structure.ts";
import type { Looks, Sight } from "./looks.ts";
import { isOwn } from "./own.ts";

/** A stretch of text that is judged as one: what stands alike in one paragraph, an attribute, a comment of the source. */
export interface Passage {
  /** What it stands in. */
  readonly element: Element;
  readonly text: string;
  /** The nodes whose values make up the text, and where each begins in it. */
  readonly parts: readonly Part[];
  readonly structure: Structure;
  readonly comment: Element | undefined;
  /** From the viewport, in CSS pixels. */
  readonly distance: number;
}

export interface Part {
  /** A text, an attribute or a comment of the source. */
  readonly node: Node;
  readonly start: number;
}

/** A node with the words in it and how these stand before the reader; in the order of the document. */
export interface Piece extends Sight {
  readonly node: Node;
  readonly element: Element;
}

const BLOCK =
  "address,article,aside,blockquote,body,caption,dd,details,dialog,div,dt,fieldset,figcaption,figure,footer,form," +
  "h1,h2,h3,h4,h5,h6,header,li,main,nav,ol,p,pre,section,summary,table,tbody,td,tfoot,th,thead,title,tr,ul";
const UNREAD = /^(script|style|template|textarea|select|svg)$/;
const ATTRIBUTES: Readonly<Record<string, Concealment>> = {
  alt: "alternative",
  "aria-label": "aria",
  "aria-description": "aria",
  title: "title",
  placeholder: "placeholder",
};
/** By these a veil or cover says what it is. */
const LABELS = /^(aria-label|title)$/;
/** Texts that no browser draws where they stand. */
const UNDRAWN: ReadonlySet<Concealment> = new Set(["metadata", "structured-data", "noscript"]);
/** What is no sentence is no order: two words are a label or a file's name. */
const SENTENCE = /\S\s+\S+\s+\S/;

/** What is drawn as text, and nothing else, in the order of the document; see `piecesIn`. */
export function isDrawn({ node, concealments }: Piece): boolean {
  return node.nodeType === Node.TEXT_NODE && !concealments.some((means) => UNDRAWN.has(means));
}

/**
 * Reads a node and all below it. It can be left and taken up again between any two pieces; whoever does so gives new looks.
 * @param enter hears of every element, which may have a shadow tree; that is read by itself.
 * @returns false where the page took away what was being read, so that the rest was not found.
 */
export function* piecesIn(
  root: Node,
  looks: () => Looks,
  enter: (element: Element) => void,
): Generator<Piece | undefined, boolean> {
  const walker = document.createTreeWalker(
    root,
    NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT,
    (node) => (node instanceof Element && isSkipped(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT),
  );
  for (let node: Node | null = root; node; node = walker.nextNode()) {
    if (node instanceof Element) {
      enter(node);
      yield* attributesOf(node, looks);
      yield undefined;
    } else yield pieceOf(node, looks);
  }
  return walker.currentNode.isConnected || !root.isConnected;
}

/** The nodes to be read when others have changed: whole paragraphs, none within another. */
export function topmost(changed: ReadonlySet<Node>): Node[] {
  const starts = new Set<Node>();
  for (const node of changed) {
    const from = node instanceof Element ? node : node.parentElement;
    if (node.isConnected && !(from && isUnread(from))) starts.add(from ? (from.closest(BLOCK) ?? from) : node);
  }
  return [...starts].filter((node) => {
    for (let above = node.parentNode; above; above = above.parentNode) if (starts.has(above)) return false;
    return true;
  });
}

/** What the user is writing is no text of the page. */
function isUnread(element: Element): boolean {
  const unread = element.closest("script,style,template,textarea,select,svg");
  return (unread !== null && !isData(unread)) || isBeingWritten(element);
}

function isSkipped(element: Element): boolean {
  return (
    (UNREAD.test(element.localName) && !isData(element)) ||
    (element.hasAttribute("contenteditable") && isBeingWritten(element))
  );
}

function isBeingWritten(element: Element): boolean {
  return element.closest("[contenteditable]")?.contains(document.activeElement) === true;
}

function isData(element: Element): boolean {
  return element.localName === "script" && element.getAttribute("type") === "application/ld+json";
}

function pieceOf(node: Node, looks: () => Looks): Piece | undefined {
  const root = node.getRootNode();
  const element = node.parentElement ?? (root instanceof ShadowRoot ? root.host : document.documentElement);
  const text = node.nodeValue ?? "";
  if (node.nodeType === Node.COMMENT_NODE)
    return SENTENCE.test(text) ? unseen(node, element, "comment", looks) : undefined;
  if (text.trim() === "") return undefined;
  const { localName } = element;
  if (localName === "noscript") return SENTENCE.test(text) ? unseen(node, element, "noscript", looks) : undefined;
  if (localName === "script") return unseen(node, element, "structured-data", looks);
  if (localName === "title") return unseen(node, element, "metadata", looks);
  return { node, element: element.closest(BLOCK) ?? element, ...looks().text(node as Text, element) };
}

function* attributesOf(element: Element, looks: () => Looks): Generator<Piece> {
  for (const { name, value } of element.attributes) {
    if (LABELS.test(name) && isOwn(element)) continue;
    const means = element.localName === "meta" && name === "content" ? "metadata" : ATTRIBUTES[name];
    const node = means && SENTENCE.test(value) ? element.getAttributeNode(name) : null;
    if (means && node) yield unseen(node, element, means, looks);
  }
}

function unseen(node: Node, element: Element, means: Concealment, looks: () => Looks): Piece {
  return { node, element, ...looks().place(element), concealments: [means], distance: 0 };
}

/** Puts together what stands alike in the same paragraph; what a reader sees comes first, the nearest foremost. */
export function* passagesOf(pieces: readonly Piece[]): Generator<undefined, Passage[]> {
  const groups = new Map<Element, Map<string, Piece[]>>();
  for (const piece of pieces) {
    const byLooks = groups.get(piece.element) ?? new Map<string, Piece[]>();
    groups.set(piece.element, byLooks);
    const key = isDrawn(piece) ? `${piece.concealments}` : `${byLooks.size} alone`;
    const alike = byLooks.get(key);
    if (alike) alike.push(piece);
    else byLooks.set(key, [piece]);
  }
  const passages: Passage[] = [];
  for (const byLooks of groups.values()) {
    for (const alike of byLooks.values()) passages.push(passageOf(alike));
    yield;
  }
  return passages.sort((a, b) => orderOf(a) - orderOf(b));
}

function orderOf({ structure, distance }: Passage): number {
  return structure.concealments.length > 0 ? Number.MAX_VALUE : distance;
}

function passageOf(pieces: readonly Piece[]): Passage {
  let text = "";
  const parts: Part[] = [];
  for (const [i, { node }] of pieces.entries()) {
    // What stands between two nodes belongs elsewhere: their words are not one.
    if (i > 0 && !isNext(pieces[i - 1]?.node, node)) text += " ";
    parts.push({ node, start: text.length });
    text += node.nodeValue;
  }
  const [first] = pieces;
  const { element, concealments, role, comment } = first as Piece;
  const distance = Math.min(...pieces.map((piece) => piece.distance));
  return { element, text, parts, structure: { concealments, role }, comment, distance };
}

/** Whether neither text nor a new line stands between two that follow each other in the document. */
function isNext(one: Node | undefined, other: Node): boolean {
  if (!one || one.nextSibling?.nodeName === "BR") return false;
  const range = document.createRange();
  range.setStartAfter(one);
  range.setEndBefore(other);
  return range.toString().trim() === "";
}

/** The range that offsets into a passage's text stand for; undefined for what is not drawn. */
export function rangeOf({ parts }: Pick<Passage, "parts">, start: number, end: number): Range | undefined {
  const stretches = stretchesOf({ parts }, start, end);
  const [first, last] = [stretches[0], stretches.at(-1)];
  if (!first?.node.isConnected || !last?.node.isConnected || first.node.nodeType !== Node.TEXT_NODE) return undefined;
  const range = document.createRange();
  range.setStart(first.node, first.from);
  range.setEnd(last.node, last.to);
  return range;
}

/** The stretches of each node's value that offsets into a passage's text stand for. */
export function stretchesOf({ parts }: Pick<Passage, "parts">, start: number, end: number) {
  return parts.flatMap(({ node, start: begins }) => {
    const length = node.nodeValue?.length ?? 0;
    const [from, to] = [Math.max(0, start - begins), Math.min(length, end - begins)];
    return from < to ? [{ node, from, to }] : [];
  });
}

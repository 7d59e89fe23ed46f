import { shadowTreeOf } from "../browser.ts";

/** A place to write in: a field, or the outermost element that a page made editable. */
export type Box = HTMLTextAreaElement | HTMLInputElement | HTMLElement;

/** Never passwords: they belong where they are typed. */
const FIELDS = /^(?:text|search|email|url|tel|)$/;
const BLOCK =
  /^(?:address|article|blockquote|div|dd|dl|dt|figure|footer|h[1-6]|header|hr|li|ol|p|pre|section|table|tr|ul)$/;

/** A field that keeps its text as a value. */
export function isField(box: Element): box is HTMLTextAreaElement | HTMLInputElement {
  return box instanceof HTMLTextAreaElement || (box instanceof HTMLInputElement && FIELDS.test(box.type));
}

/** Whether what is written there can have several lines, as messages have. */
export function isMultiline(box: Element): boolean {
  return !(box instanceof HTMLInputElement);
}

/** The box that an event befalls, also within a closed shadow tree, where it has the focus or lies under the pointer. */
export function boxOf(event: Event): Box | undefined {
  let element = event.composedPath()[0];
  if (!(element instanceof Element)) element = document.activeElement ?? undefined;
  for (let tree = treeIn(element); tree; tree = treeIn(element)) {
    const inner: Element | null =
      event instanceof DragEvent ? tree.elementFromPoint(event.clientX, event.clientY) : tree.activeElement;
    if (!inner || inner === element) break;
    element = inner;
  }
  return element instanceof Element ? boxAround(element) : undefined;
}

function treeIn(element: EventTarget | undefined): ShadowRoot | null {
  return element instanceof HTMLElement ? shadowTreeOf(element) : null;
}

function boxAround(element: Element): Box | undefined {
  if (isField(element)) return element.readOnly || element.disabled ? undefined : element;
  if (!(element instanceof HTMLElement) || !element.isContentEditable) return undefined;
  let box = element;
  while (box.parentElement?.isContentEditable) box = box.parentElement;
  return box;
}

/** A stretch of a box's text that lies in one text node, or a line's end. */
interface Part {
  readonly node: Text | undefined;
  readonly text: string;
}

/** What a box holds, as it would be sent. Lines end where blocks and `<br>` end them. */
export function textIn(box: Box): string {
  if (isField(box)) return box.value;
  return partsOf(box)
    .map(({ text }) => text)
    .join("");
}

function partsOf(box: Element): Part[] {
  const parts: Part[] = [];
  const walk = (node: Node) => {
    if (node instanceof Text) parts.push({ node, text: node.data });
    else if (node instanceof Element) {
      const isBlock = node !== box && BLOCK.test(node.localName);
      if (isBlock && parts.length > 0) parts.push({ node: undefined, text: "\n" });
      if (node.localName === "br" && node.nextSibling) parts.push({ node: undefined, text: "\n" });
      node.childNodes.forEach(walk);
    }
  };
  walk(box);
  return parts;
}

/**
 * Puts words in the place of a stretch, as if they were typed: the page hears of it, and the box's own undo takes it
 * back. Answers whether that came about.
 */
export function replaceIn(box: Box, start: number, end: number, words: string): boolean {
  const before = textIn(box);
  const after = before.slice(0, start) + words + before.slice(end);
  box.focus();
  if (isField(box)) box.setSelectionRange(start, end);
  else if (!select(box, start, end)) return false;
  document.execCommand("insertText", false, words);
  if (isField(box) && box.value !== after) {
    box.setRangeText(words, start, end, "end");
    box.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertText", data: words }));
  }
  return textIn(box) === after;
}

function select(box: Element, start: number, end: number): boolean {
  const parts = partsOf(box);
  const [from, to] = [placeOf(parts, start, false), placeOf(parts, end, true)];
  if (!from || !to) return false;
  getSelection()?.setBaseAndExtent(from.node, from.offset, to.node, to.offset);
  return true;
}

/** Between two nodes a place belongs to the first where the stretch ends there, else to the second. */
function placeOf(parts: readonly Part[], at: number, isEnd: boolean): { node: Text; offset: number } | undefined {
  let start = 0;
  for (const { node, text } of parts) {
    const end = start + text.length;
    if (node && at <= end && (isEnd ? at > start : at < end)) return { node, offset: at - start };
    start = end;
  }
  return undefined;
}

import { shadowTreeOf } from "../browser.ts";
import { isOwn } from "./own.ts";

/** What makes a text seen or unseen, or is read itself. */
const OBSERVED = [
  "alt",
  "aria-label",
  "aria-description",
  "class",
  "content",
  "hidden",
  "placeholder",
  "style",
  "title",
];
/** An element with a name of its own may get its tree later, when its script arrives; nobody tells. */
const LATE_MS = [500, 2_500, 12_500] as const;
const HOST = /-|^(article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/;

/** A change of what stands somewhere, or of how it looks alone. */
export type ChangeKind = "text" | "looks";

/** Follows the document and every shadow tree that whoever reads it comes by, and tells what has to be read anew. */
export class TextTrees {
  readonly #onChange: (node: Node, kind: ChangeKind) => void;
  readonly #observer = new MutationObserver((records) => this.#tell(records));
  readonly #entered = new WeakSet<Element>();
  readonly #trees = new Set<Document | ShadowRoot>();
  #late = new Set<Element>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onChange: (node: Node, kind: ChangeKind) => void) {
    this.#onChange = onChange;
    this.#observe(document);
  }

  /** An element was met that may have a shadow tree. */
  enter(element: Element): void {
    if (!HOST.test(element.localName) || this.#entered.has(element) || isOwn(element)) return;
    const tree = shadowTreeOf(element);
    if (!tree && element.localName.includes("-")) this.#expect(element);
    if (!tree) return;
    this.#entered.add(element);
    this.#late.delete(element);
    this.#observe(tree);
    this.#onChange(tree, "text");
  }

  /** The document and the shadow trees that are in it now. */
  all(): (Document | ShadowRoot)[] {
    for (const tree of this.#trees) if (!tree.isConnected) this.#trees.delete(tree);
    return [...this.#trees];
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
  }

  #observe(tree: Document | ShadowRoot) {
    this.#trees.add(tree);
    const observed = { childList: true, characterData: true, subtree: true, attributeFilter: OBSERVED };
    this.#observer.observe(tree, observed);
  }

  #tell(records: readonly MutationRecord[]) {
    for (const { type, target, addedNodes, attributeName } of records) {
      if (type === "characterData") this.#onChange(target, "text");
      else if (type === "childList") for (const node of addedNodes) this.#onChange(node, "text");
      else this.#onChange(target, /^(class|hidden|style)$/.test(attributeName ?? "") ? "looks" : "text");
    }
  }

  #expect(element: Element) {
    this.#late.add(element);
    if (this.#timer === undefined) this.#lookLater(0);
  }

  #lookLater(attempt: number) {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      for (const element of this.#late) if (element.isConnected) this.enter(element);
      if (attempt + 1 < LATE_MS.length && this.#late.size > 0) this.#lookLater(attempt + 1);
      else this.#late = new Set();
    }, LATE_MS[attempt]);
  }
}

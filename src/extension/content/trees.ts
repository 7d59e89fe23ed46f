import { shadowTreeOf } from "../browser.ts";
import coversSheet from "./covers.css?inline";
import { addedIn } from "./elements.ts";
import guardSheet from "./guard.css?inline";
import paintSheet from "./paint.css?inline";

export type Tree = Document | ShadowRoot;

/** Elements that may have a shadow tree: those with a name of their own, and these. */
const HOST = /-|^(article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/;
/** An element with a name of its own may get its tree later, when its script arrives; nobody tells. */
const LATE_MS = [100, 400, 1_600, 6_400, 25_000] as const;

/**
 * Follows the document and every shadow tree in it, open and closed, and tells of each change in any of them. What is
 * added is searched for trees before it can be painted.
 */
export class Trees {
  readonly #observer: MutationObserver;
  readonly #onTree: (tree: Tree) => void;
  readonly #trees = new Set<Tree>();
  readonly #byHost = new WeakSet<Element>();
  #late = new Set<Element>();
  #lateTimer: ReturnType<typeof setTimeout> | undefined;
  #sheet: CSSStyleSheet | undefined;

  /**
   * @param onTree gets each tree once, the document first; listeners on it end with the tree.
   * @param onRecords gets what they tell of as added besides, without what is in one another.
   */
  constructor(
    onTree: (tree: Tree) => void,
    onRecords: (records: readonly MutationRecord[], added: readonly Element[]) => void,
  ) {
    this.#onTree = onTree;
    this.#observer = new MutationObserver((records) => {
      const added = addedIn(records);
      for (const element of added) this.#enter(element);
      onRecords(records, added);
    });
  }

  start(): void {
    this.#follow(document);
    this.#enter(document);
  }

  stop(): void {
    clearTimeout(this.#lateTimer);
    this.#observer.disconnect();
    for (const tree of this.#trees) this.#undress(tree);
  }

  /** Those that are in the page now. */
  all(): Tree[] {
    for (const tree of this.#trees) if (!tree.isConnected) this.#trees.delete(tree);
    return [...this.#trees];
  }

  /** Looks once more whether an element has a shadow tree. */
  look(element: Element): void {
    if (!HOST.test(element.localName) || this.#byHost.has(element)) return;
    const tree = shadowTreeOf(element);
    if (tree) this.#discover(element, tree);
    else this.#expect(element);
  }

  #discover(element: Element, tree: ShadowRoot) {
    this.#late.delete(element);
    this.#byHost.add(element);
    this.#follow(tree);
    this.#enter(tree);
  }

  #enter(node: Node) {
    if (node instanceof Element) this.look(node);
    if ("querySelectorAll" in node)
      for (const element of (node as ParentNode).querySelectorAll("*")) this.look(element);
  }

  #follow(tree: Tree) {
    this.#trees.add(tree);
    this.#observer.observe(tree, { childList: true, characterData: true, subtree: true, attributes: true });
    if (tree !== document) this.#dress(tree);
    this.#onTree(tree);
  }

  #expect(element: Element) {
    if (!element.localName.includes("-")) return;
    this.#late.add(element);
    if (this.#lateTimer === undefined) this.#lookLater(0);
  }

  #lookLater(attempt: number) {
    const delay = LATE_MS[attempt];
    if (delay === undefined) this.#late = new Set();
    this.#lateTimer =
      delay === undefined
        ? undefined
        : setTimeout(() => {
            for (const element of this.#late) {
              if (element.isConnected) this.look(element);
              else this.#late.delete(element);
            }
            if (this.#late.size > 0) this.#lookLater(attempt + 1);
            else this.#lateTimer = undefined;
          }, delay);
  }

  /** Chrome's manifest sheet does not reach into shadow trees, and the user's copy of it comes a moment later. */
  #dress(tree: Tree) {
    if (!this.#sheet) {
      this.#sheet = new CSSStyleSheet();
      this.#sheet.replaceSync(guardSheet + paintSheet + coversSheet);
    }
    tree.adoptedStyleSheets = [...tree.adoptedStyleSheets, this.#sheet];
  }

  #undress(tree: Tree) {
    tree.adoptedStyleSheets = [...tree.adoptedStyleSheets].filter((sheet) => sheet !== this.#sheet);
  }
}

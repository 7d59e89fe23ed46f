import type { PageAction, PageSummary } from "../messages.ts";
import { ContentRules } from "./content-rules.ts";
import { CssPictures } from "./css-pictures.ts";
import { elementsIn, isPicture, isTouchy, PICTURES } from "./elements.ts";
import { Inquiries, type Judge } from "./inquiries.ts";
import { Mosaics } from "./mosaics.ts";
import { OwnPictures } from "./own-pictures.ts";
import { SheetWatch } from "./sheet-watch.ts";
import { Survey } from "./survey.ts";
import type { Tree, Trees } from "./trees.ts";
import { ATTRIBUTE, dress, type Fate, fateOf, PAINT, UNREAD } from "./veil.ts";

/** Attributes by which a page chooses what an element paints itself. */
const CHOOSING = /^(src|srcset|sizes|media|type|data|(xlink:)?href)$/;
/** Ours, and those that say nothing of looks; a veil borrows some of them. */
const UNSEEN = /^(title|role|tabindex|aria-label|alt|name|nonce|srcdoc|loading)$/;
/** In an inline style: all that can bring in a picture. Most inline styles only move things. */
const PAINTING = /url\(|image|content|mask|background|border|list|--/;
/** After the window or a choice has changed, the browser chooses anew among a picture's addresses, and tells when it has painted. */
const CHOICE_MS = 3_000;
/** Known to paint something; what is unread has its turn anyway. */
const READ = `[${PAINT}]:not([${PAINT}="${UNREAD}"])`;
/** By these the user changes what style paints around what was touched. */
const TOUCHES = ["pointerover", "pointerdown", "pointerup", "focusin", "focusout", "change", "toggle"] as const;
/** Besides them, what scripts may answer with a change of style sheets alone. */
const STIRS = ["keydown", "scroll", "message", "popstate", "hashchange"] as const;
/** With a change of one element, so many below it are looked at before the next frame. */
const MAX_SOON = 200;

type Listeners = Readonly<Record<string, (event: Event) => unknown>>;

/**
 * Keeps every still picture of a page unseen until its verdict: what elements paint themselves and what style paints on
 * them, in the document and in each shadow tree.
 */
export class ImageGuard {
  readonly #trees: Trees;
  readonly #inquiries: Inquiries;
  readonly #own: OwnPictures;
  readonly #css: CssPictures;
  readonly #survey: Survey;
  readonly #sheets: SheetWatch;
  readonly #rules = new ContentRules();
  readonly #touched = new Set<Element>();
  readonly #signal: AbortSignal;
  readonly #inTrees: Listeners = {
    load: ({ target }) => this.#onLoad(target),
    error: ({ target }) => isPicture(target) && this.#own.giveUp(target),
    animationstart: ({ target }) => target instanceof Element && this.#css.animate(target),
    transitionrun: ({ target }) => target instanceof Element && this.#css.animate(target),
    animationend: ({ target }) => this.#touch(target),
    animationcancel: ({ target }) => this.#touch(target),
    transitionend: ({ target }) => this.#touch(target),
  };
  readonly #inWindow: Listeners = {
    resize: () => {
      this.#rematch();
      this.#watchChoices();
    },
    ...Object.fromEntries(TOUCHES.map((name) => [name, ({ target }: Event) => this.#touch(target)])),
    ...Object.fromEntries(STIRS.map((name) => [name, () => this.#sheets.stir()])),
  };
  #isRestyled = false;
  #isChoosing = false;
  #choicesUntil = 0;

  /** @param signal ends the guarding; `undress` takes its traces back. */
  constructor(judge: Judge, trees: Trees, signal: AbortSignal) {
    this.#trees = trees;
    this.#signal = signal;
    this.#inquiries = new Inquiries(judge);
    this.#survey = new Survey({
      look: (element) => {
        trees.look(element);
        this.#css.look(element);
      },
      withhold: (element) => this.#css.withhold(element),
      release: (element) => this.#css.release(element),
    });
    const mosaics = new Mosaics(this.#inquiries, this.#survey);
    this.#own = new OwnPictures(this.#inquiries, mosaics);
    this.#css = new CssPictures(this.#inquiries, mosaics);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#rematch(), { signal });
    this.#sheets = new SheetWatch(trees, (tree, changed) => this.#onSheets(tree, changed), signal);
    this.#watchSheets(signal);
  }

  /** Begins to guard a tree: what is in it, and what loads in it. */
  enter(tree: Tree, signal: AbortSignal): void {
    this.#listen(tree, signal);
    this.#sheets.enter(tree);
    this.#add(tree);
  }

  /** Each listener is added once, however often this is called. */
  #listen(tree: Tree, signal: AbortSignal) {
    for (const [name, listener] of Object.entries(this.#inTrees))
      tree.addEventListener(name, listener, { capture: true, signal });
    if (tree !== document) return;
    for (const [name, listener] of Object.entries(this.#inWindow))
      addEventListener(name, listener, { capture: true, signal });
  }

  /** @param added what the records tell of as added, without what is in one another. */
  onRecords(records: readonly MutationRecord[], added: readonly Element[]): void {
    const restyled = new Set<Element>();
    for (const element of added) this.#add(element);
    let isOurs = true;
    for (const record of records) {
      isOurs &&= record.attributeName?.startsWith(ATTRIBUTE) ?? false;
      if (record.type === "childList") this.#onChildren(record);
      else if (record.type === "attributes")
        this.#onAttribute(record.target as Element, record.attributeName ?? "", restyled);
    }
    if (restyled.size > 0) this.#onRestyled(restyled);
    if (isOurs) return;
    this.#sheets.check();
    this.#sheets.stir();
  }

  onActions(actions: readonly PageAction[]): void {
    for (const action of actions) this.#inquiries.conclude(action.id, fateOf(action));
  }

  /** Shows a card with a one-click reveal for every picture that waits under these ids, until its verdict comes. */
  hold(ids: readonly string[], title: string): void {
    this.#inquiries.hold(ids, { look: "hide", title, mayReveal: true } satisfies Fate);
  }

  undress(): void {
    for (const tree of this.#trees.all()) {
      for (const element of tree.querySelectorAll(PICTURES)) this.#own.forget(element);
      for (const element of tree.querySelectorAll(`[${PAINT}]`)) this.#css.forget(element);
      for (const element of tree.querySelectorAll(`[${ATTRIBUTE}]`)) dress(element, undefined);
    }
  }

  /** How what style paints in a tree stands now. */
  count(tree: Tree): PageSummary["pictures"] {
    return this.#css.count(tree.querySelectorAll(`[${PAINT}]`));
  }

  #add(node: Node) {
    for (const element of elementsIn(node, PICTURES)) {
      if (isTouchy(element)) this.#survey.hold();
      this.#own.consider(element);
    }
    for (const element of elementsIn(node, `[${PAINT}]`)) this.#css.restore(element);
    this.#survey.soon(elementsIn(node, "*"));
  }

  #onChildren({ addedNodes, removedNodes, target }: MutationRecord) {
    // A page that begins anew with `document.open` has taken every listener away.
    if (target === document) this.#listen(document, this.#signal);
    if (removedNodes.length > 0 && this.#inquiries.waiting > 0)
      requestAnimationFrame(() => this.#inquiries.leaveGone());
    for (const node of addedNodes) if (isLink(node)) this.#sheets.expect(node);
    const chosen = pictureOf(target);
    if (chosen) this.#choose(chosen);
  }

  #choose(element: Element) {
    if (isTouchy(element)) this.#survey.hold();
    this.#own.change(element);
    // Without an address of its own, the image of a `<picture>` always says that it is complete.
    if (pictureOf(element.parentNode) && !element.matches("[src], [srcset]")) this.#watchChoices();
  }

  #onAttribute(element: Element, name: string, restyled: Set<Element>) {
    const chosen = CHOOSING.test(name) && (element.matches(PICTURES) ? element : pictureOf(element.parentNode));
    if (name === ATTRIBUTE && isPicture(element)) this.#own.restore(element);
    else if (name === ATTRIBUTE || name === PAINT) this.#css.restore(element);
    else if (chosen) this.#choose(chosen);
    else if (isLink(element)) this.#sheets.expect(element);
    else if (name === "style") {
      if (PAINTING.test(element.getAttribute("style") ?? "") || element.hasAttribute(PAINT)) restyled.add(element);
    } else if (!UNSEEN.test(name) && !isDrawing(element, name)) restyled.add(element);
  }

  /** What is marked may paint something else now, so it is looked at at once; what is not marked is unseen meanwhile. */
  #onRestyled(elements: ReadonlySet<Element>) {
    const scopes = new Set(Array.from(elements, (element) => element.parentNode ?? element));
    for (const scope of scopes) this.#survey.now(elementsIn(scope, READ));
    for (const element of elements) {
      const below = element.getElementsByTagName("*");
      this.#survey.soon([element, ...Array.prototype.slice.call(below, 0, MAX_SOON)]);
      if (below.length <= MAX_SOON) continue;
      this.#survey.soon(this.#rules.below(element));
      this.#survey.later(element);
    }
  }

  /** What they may give a picture that is not unseen by itself has its turn before anything is painted. */
  #onSheets(tree: Tree, changed: ReadonlySet<CSSStyleSheet>) {
    this.#rules.forget(changed);
    this.#survey.soon(this.#rules.touchedBy(changed, tree));
    this.#restyle();
  }

  /** Other rules of the same sheets count now. */
  #rematch() {
    for (const tree of this.#trees.all()) this.#survey.soon(this.#rules.below(tree));
    this.#restyle();
  }

  /** Style has changed: what is marked is looked at now, all else when there is time. */
  #restyle() {
    for (const tree of this.#trees.all()) this.#survey.now(tree.querySelectorAll(READ));
    if (this.#isRestyled) return;
    this.#isRestyled = true;
    requestAnimationFrame(() => {
      this.#isRestyled = false;
      for (const tree of this.#trees.all()) this.#survey.later(tree);
    });
  }

  #onLoad(target: EventTarget | null) {
    if (isPicture(target)) this.#own.onLoad(target);
    else if (target instanceof Node && isSheet(target)) this.#onSheetLoaded(target);
    this.#sheets.stir();
  }

  /** What it imports has come with it. */
  #onSheetLoaded(node: Node & LinkStyle) {
    this.#sheets.arrive(node);
    if (node.sheet) this.#onSheets(node.getRootNode() as Tree, new Set([node.sheet]));
  }

  /** The pointer, the focus and the like change what style paints around them, before the next frame. */
  #touch(target: EventTarget | null) {
    if (!(target instanceof Element)) return;
    this.#sheets.stir();
    if (this.#touched.size === 0)
      requestAnimationFrame(() => {
        const touched = new Set(this.#touched);
        this.#touched.clear();
        this.#onRestyled(touched);
        for (const element of touched) this.#survey.soon(ancestorsOf(element));
      });
    this.#touched.add(target);
  }

  /** Chrome names a newly chosen address when it begins to load, Firefox when it paints it. */
  #watchChoices() {
    this.#choicesUntil = performance.now() + CHOICE_MS;
    if (this.#isChoosing) return;
    this.#isChoosing = true;
    const look = () => {
      for (const tree of this.#trees.all()) {
        for (const image of tree.querySelectorAll("img[srcset], picture > img")) this.#own.recheck(image);
      }
      this.#isChoosing = performance.now() < this.#choicesUntil;
      if (this.#isChoosing) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }

  /** Nobody tells of a rule that a script writes into a sheet; but what it paints is loaded. */
  #watchSheets(signal: AbortSignal) {
    const observer = new PerformanceObserver((list) => {
      const isNews = ({ name, initiatorType }: PerformanceResourceTiming) =>
        initiatorType === "css" && !this.#inquiries.knows(name) && !/\.(css|woff2?|[ot]tf)\b/.test(name);
      if ((list.getEntries() as PerformanceResourceTiming[]).some(isNews)) this.#restyle();
    });
    observer.observe({ type: "resource" });
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** Shows what the user wants to see, here and wherever its address comes again; true where it is one of this guard's. */
  reveal(element: Element): boolean {
    return this.#own.reveal(element) || this.#css.reveal(element);
  }
}

/** Nothing else is asked of a node: on a plug-in's element every unknown property would start the plug-in. */
function isLink(node: Node): node is HTMLLinkElement {
  return (node as Partial<Element>).localName === "link" && (node as HTMLLinkElement).rel.includes("stylesheet");
}

function isSheet(node: Node): node is Node & LinkStyle {
  return (node as Partial<Element>).localName === "style" || isLink(node);
}

/** The image for which a `<picture>` holds the choice. */
function pictureOf(node: Node | null): Element | null {
  return (node as Partial<Element> | null)?.localName === "picture" ? (node as Element).querySelector("img") : null;
}

/** Scripts that draw move shapes by their attributes, many in each frame. */
function isDrawing({ namespaceURI }: Element, attribute: string): boolean {
  return namespaceURI === "http://www.w3.org/2000/svg" && attribute !== "class" && attribute !== "id";
}

function ancestorsOf(element: Element): Element[] {
  const ancestors: Element[] = [];
  for (let above = element.parentElement; above && ancestors.length < 8; above = above.parentElement)
    ancestors.push(above);
  return ancestors;
}

import { sheetsOf } from "./content-rules.ts";
import type { Tree, Trees } from "./trees.ts";

/**
 * So long after the last thing that a page did or the user did to it, and for so many frames, sheets are compared in each:
 * on a busy machine the page is as late as its frames are rare, and what it meant to do by then is still to come.
 */
const STIR_MS = 1_000;
const STIR_FRAMES = 60;
/** And this often in a page that does nothing. */
const CALM_MS = 1_000;
/** Of more shadow trees, so many are compared at a time, by turns. */
const MAX_TREES = 50;

/** What of a sheet can be compared in no time. */
interface State {
  readonly sheet: CSSStyleSheet;
  readonly isDisabled: boolean;
  readonly media: string;
  /** None of a sheet that cannot be read. */
  readonly count: number;
  readonly first: CSSRule | undefined;
  readonly last: CSSRule | undefined;
}

/** Gets the sheets of a tree that are new or changed; none where some went. */
export type OnSheets = (tree: Tree, changed: ReadonlySet<CSSStyleSheet>) => void;

/**
 * Notices what pages do to their style sheets without telling anybody: rules inserted, sheets adopted, switched on or
 * off, meant for other media, or arrived a frame before they say so.
 */
export class SheetWatch {
  readonly #trees: Trees;
  readonly #onNews: OnSheets;
  readonly #states = new WeakMap<Tree, readonly State[]>();
  readonly #signal: AbortSignal;
  /** Whose sheets load, so that they may come with any frame. */
  readonly #awaited = new Set<HTMLLinkElement>();
  /** After a page's own callbacks of a frame, before it is painted. */
  readonly #afterLayout = new ResizeObserver(() => this.check());
  #turn = 0;
  #until = 0;
  #framesLeft = 0;
  #isStirred = false;

  constructor(trees: Trees, onNews: OnSheets, signal: AbortSignal) {
    this.#trees = trees;
    this.#onNews = onNews;
    this.#signal = signal;
    this.#calm();
    signal.addEventListener("abort", () => this.#afterLayout.disconnect());
  }

  /** Takes the sheets of a tree as they are for what is known. */
  enter(tree: Tree): void {
    this.#states.set(tree, statesOf(tree));
  }

  /** What this link names is on its way. */
  expect(link: HTMLLinkElement): void {
    if (!link.sheet) this.#awaited.add(link);
  }

  arrive(link: Node): void {
    this.#awaited.delete(link as HTMLLinkElement);
  }

  /** The page does something, or somebody does something to it. */
  stir(): void {
    this.#until = performance.now() + STIR_MS;
    this.#framesLeft = STIR_FRAMES;
    if (this.#isStirred) return;
    this.#isStirred = true;
    requestAnimationFrame(() => this.#onFrame());
  }

  check(): void {
    const trees = this.#trees.all();
    for (const tree of trees.length <= MAX_TREES ? trees : this.#some(trees)) this.#compare(tree);
  }

  #some([top, ...trees]: readonly Tree[]): Tree[] {
    this.#turn = (this.#turn + MAX_TREES) % trees.length;
    return [top, ...trees.slice(this.#turn), ...trees].slice(0, MAX_TREES) as Tree[];
  }

  #compare(tree: Tree) {
    const before = this.#states.get(tree);
    const states = statesOf(tree);
    if (before?.length === states.length && states.every((state, i) => isSame(state, before[i]))) return;
    this.#states.set(tree, states);
    const changed = states.filter((state) => !before?.some((other) => isSame(state, other)));
    this.#onNews(tree, new Set(changed.map(({ sheet }) => sheet)));
  }

  #onFrame() {
    if (this.#signal.aborted) return;
    this.check();
    this.#afterLayout.disconnect();
    if (document.documentElement) this.#afterLayout.observe(document.documentElement);
    for (const link of this.#awaited) if (link.sheet || !link.isConnected) this.#awaited.delete(link);
    this.#framesLeft--;
    this.#isStirred = this.#framesLeft > 0 || performance.now() < this.#until || this.#awaited.size > 0;
    if (this.#isStirred) requestAnimationFrame(() => this.#onFrame());
  }

  #calm() {
    if (this.#signal.aborted) return;
    if (!this.#isStirred && !document.hidden) this.check();
    setTimeout(() => this.#calm(), CALM_MS);
  }
}

function statesOf(tree: Tree): State[] {
  return sheetsOf(tree).flatMap((sheet) => stateOf(sheet) ?? []);
}

/** Undefined while Firefox still loads it. */
function stateOf(sheet: CSSStyleSheet): State | undefined {
  let rules: CSSRuleList | undefined;
  try {
    rules = sheet.cssRules;
  } catch (error) {
    if ((error as DOMException).name !== "SecurityError") return undefined;
  }
  const count = rules?.length ?? 0;
  const media = sheet.media?.mediaText ?? "";
  return { sheet, isDisabled: sheet.disabled, media, count, first: rules?.[0], last: rules?.[count - 1] };
}

function isSame(a: State, b: State | undefined): boolean {
  return (
    a.sheet === b?.sheet &&
    a.isDisabled === b.isDisabled &&
    a.media === b.media &&
    a.count === b.count &&
    a.first === b.first &&
    a.last === b.last
  );
}

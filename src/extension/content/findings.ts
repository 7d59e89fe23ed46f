import { t } from "../browser.ts";
import type { PageAction } from "../messages.ts";
import type { Hostility, PassageWish } from "../text-messages.ts";
import { CommentCovers } from "./comment-covers.ts";
import { neutralise, type Replaced, restore, type Span } from "./neutralise.ts";
import { type Passage, rangeOf } from "./passages.ts";
import type { Chunk } from "./texts.ts";

export const HIGHLIGHT = "wardlight-warn";
const MARK = "data-wardlight";
/** What carries a mark of its own, which says whether it is shown. */
const PICTURE = "img,input,object,embed,image,video,canvas,svg,svg *";

/** A passage that gives orders to an AI. */
export interface Found {
  readonly passage: Passage;
  readonly action: PageAction;
  /** In the passage's text. */
  readonly spans: readonly Span[];
  readonly marked: Element | undefined;
  readonly replaced: readonly Replaced[];
  /** Where it is drawn, with what stands there now. */
  readonly ranges: readonly Range[];
  /** What stands in its nodes while nobody but us has changed them. */
  readonly values: ReadonlyMap<Node, string | null>;
}

/** What was found in the text, and what is done about it where it stands. */
export class Findings {
  readonly #onChange: () => void;
  #found: readonly Found[] = [];
  readonly #hostile = new Map<Element, Set<Chunk>>();
  readonly #covers: CommentCovers;
  /** Comments that the user has looked at, by their words: a list that is scrolled may use an element for another one. */
  readonly #seen = new WeakMap<Element, string | null>();
  #mayNeutralise = true;

  constructor(onChange: () => void, signal: AbortSignal) {
    this.#onChange = onChange;
    this.#covers = new CommentCovers((comment) => {
      this.#seen.set(comment, comment.textContent);
      this.#onChange();
    }, signal);
    CSS.highlights.delete(HIGHLIGHT);
  }

  isCovered(element: Element): boolean {
    return this.#covers.has(element);
  }

  add(chunk: Chunk, action: PageAction): void {
    if (action.wish) this.#flag(chunk, action, action.wish);
    if (action.hostility && chunk.passage.comment) this.#cover(chunk.passage.comment, chunk, action.hostility);
  }

  /** Takes back what stands for words that are gone. */
  sweep(): void {
    this.#drop(this.#found.filter(isGone));
    for (const [comment, chunks] of this.#hostile) {
      for (const chunk of chunks) if (isChanged(chunk.passage)) chunks.delete(chunk);
      if (chunks.size > 0 && comment.isConnected) continue;
      this.#hostile.delete(comment);
      this.#covers.uncover(comment);
      this.#onChange();
    }
  }

  all(): readonly Found[] {
    return this.#found;
  }

  counts() {
    const found = this.#found;
    return {
      marked: found.length,
      hidden: found.filter(({ passage }) => passage.structure.concealments.length > 0).length,
      neutralised: found.filter(({ replaced }) => replaced.length > 0).length,
      covered: this.#covers.all().length,
    };
  }

  /** Puts a passage back, or all of them and none is replaced from then on. */
  restore(only?: Found): void {
    this.#mayNeutralise &&= only !== undefined;
    this.#found = this.#found.map((found) => (only && only !== found ? found : this.#restored(found)));
    this.#onChange();
  }

  #restored(found: Found): Found {
    if (found.replaced.length === 0) return found;
    restore(found.replaced);
    lowlight(found.ranges);
    return dressed({ ...found, replaced: [] });
  }

  /** Leaves nothing on the page. */
  undress(): void {
    this.#covers.undress();
    this.#hostile.clear();
    this.#drop(this.#found);
    this.#onChange();
  }

  #flag({ passage, offset }: Chunk, action: PageAction, { highlights, marks, neutralises }: PassageWish) {
    const key = passage.parts[0]?.node;
    const isKnown = (found: Found) => found.passage.parts[0]?.node === key && found.passage.text === passage.text;
    if (this.#found.some((found) => isKnown(found) && found.action.id === action.id)) return;
    const spans = action.spans.map(({ start, end }) => ({ start: start + offset, end: end + offset }));
    const replaced = neutralises && this.#mayNeutralise ? neutralise(passage, spans, t("passage_removed")) : [];
    const marked = marks ? markable(passage.element) : undefined;
    marked?.setAttribute(MARK, "injection");
    this.#found = [...this.#found, dressed({ passage, action, spans, marked, replaced }, highlights)];
    this.#onChange();
  }

  #cover(comment: Element, chunk: Chunk, hostility: Hostility) {
    const chunks = this.#hostile.get(comment) ?? new Set<Chunk>();
    this.#hostile.set(comment, chunks.add(chunk));
    if (this.#seen.get(comment) === comment.textContent) return;
    this.#covers.cover(comment, hostility);
    this.#onChange();
  }

  #drop(gone: readonly Found[]) {
    if (gone.length === 0) return;
    this.#found = this.#found.filter((found) => !gone.includes(found));
    for (const { replaced, ranges, marked } of gone) {
      restore(replaced);
      lowlight(ranges);
      if (!this.#found.some((other) => other.marked === marked)) marked?.removeAttribute(MARK);
    }
    this.#onChange();
  }
}

/** The page has other words there than when they were judged, but for ours. */
function isGone({ values }: Found): boolean {
  for (const [node, value] of values) if (!isInPage(node) || node.nodeValue !== value) return true;
  return false;
}

function isChanged({ parts, text }: Passage): boolean {
  return parts.some(({ node, start }) => {
    const value = node.nodeValue ?? "";
    return !isInPage(node) || text.slice(start, start + value.length) !== value;
  });
}

function isInPage(node: Node): boolean {
  return node instanceof Attr ? (node.ownerElement?.isConnected ?? false) : node.isConnected;
}

function markable(element: Element): Element {
  return element.closest(PICTURE)?.closest(`:not(${PICTURE})`) ?? element;
}

/** With its place on the page, highlighted there. */
function dressed(
  found: Pick<Found, "passage" | "action" | "spans" | "marked" | "replaced">,
  highlights = found.action.wish?.highlights,
): Found {
  const { passage, spans, replaced } = found;
  const ranges =
    replaced.length > 0
      ? replaced.flatMap(rangeOfWords)
      : spans.flatMap(({ start, end }) => rangeOf(passage, start, end) ?? []);
  if (highlights) highlight(ranges);
  return { ...found, ranges, values: new Map(passage.parts.map(({ node }) => [node, node.nodeValue])) };
}

/** Of our own words, where they took the place of others. */
function rangeOfWords({ node, is }: Replaced): Range[] {
  const words = t("passage_removed");
  const at = is.indexOf(words);
  if (node.nodeType !== Node.TEXT_NODE || at < 0) return [];
  const range = document.createRange();
  range.setStart(node, at);
  range.setEnd(node, at + words.length);
  return [range];
}

function lowlight(ranges: readonly Range[]) {
  for (const range of ranges) CSS.highlights.get(HIGHLIGHT)?.delete(range);
}

function highlight(ranges: readonly Range[]) {
  const all = CSS.highlights.get(HIGHLIGHT) ?? new Highlight();
  for (const range of ranges) all.add(range);
  CSS.highlights.set(HIGHLIGHT, all);
}

import { t } from "../browser.ts";
import type { PageAction, PageSummary, Sighting } from "../messages.ts";
import { type Block, blocksIn, rangeOf, topmost } from "./blocks.ts";

const CHUNK_CHARS = 4_000;
/** Longer than any pattern's match, so that none is cut in two. */
const OVERLAP_CHARS = 400;
const MIN_CHARS = 12;
const SUBJECTS_A_MESSAGE = 64;
const MAX_CHARS_A_PAGE = 5_000_000;
const SETTLE_MS = 200;
const HIGHLIGHT = "wardlight-warn";

/** Reads the page's text a block at a time, when the page comes to rest, and marks the passages that were flagged. */
export class TextGuard {
  readonly #submit: (sightings: readonly Sighting[]) => void;
  readonly #asked = new WeakMap<Element, string>();
  readonly #waiting = new Map<string, { block: Block; offset: number }>();
  readonly #changed = new Set<Node>();
  #isScheduled = false;
  #lastId = 0;
  #charsLeft = MAX_CHARS_A_PAGE;

  constructor(submit: (sightings: readonly Sighting[]) => void) {
    this.#submit = submit;
    CSS.highlights.delete(HIGHLIGHT);
    if (isParsing()) addEventListener("DOMContentLoaded", () => this.#schedule(document.body));
    else this.#schedule(document.body);
  }

  onMutations(records: readonly MutationRecord[]): void {
    if (isParsing()) return;
    for (const { type, target, addedNodes } of records) {
      if (type === "characterData") this.#schedule(target);
      else if (type === "childList") for (const node of addedNodes) this.#schedule(node);
    }
  }

  onActions(actions: readonly PageAction[]): void {
    for (const action of actions) {
      const pending = this.#waiting.get(action.id);
      this.#waiting.delete(action.id);
      if (pending && action.kind !== "allow") flag(pending.block, pending.offset, action);
    }
  }

  /** How many pieces have their verdict, and how many blocks are marked now. */
  count(): PageSummary["texts"] {
    const marked = document.querySelectorAll('[data-wardlight="warn"]').length;
    return { read: this.#lastId - this.#waiting.size, marked };
  }

  #schedule(node: Node | null) {
    if (!node) return;
    this.#changed.add(node);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => requestIdleCallback(() => this.#collect(), { timeout: 1_000 }), SETTLE_MS);
  }

  #collect() {
    this.#isScheduled = false;
    const roots = topmost(this.#changed);
    this.#changed.clear();
    const sightings = roots.flatMap((root) => blocksIn(root)).flatMap((block) => this.#sightingsOf(block));
    for (let i = 0; i < sightings.length; i += SUBJECTS_A_MESSAGE) {
      this.#submit(sightings.slice(i, i + SUBJECTS_A_MESSAGE));
    }
  }

  #sightingsOf(block: Block): Sighting[] {
    const { element } = block;
    const isKnown = this.#asked.get(element) === block.text;
    const text = block.text.slice(0, this.#charsLeft);
    if (text.trim().length < MIN_CHARS || isKnown) return [];
    this.#asked.set(element, block.text);
    this.#charsLeft -= text.length;
    return offsetsIn(text).map((offset) => {
      const id = `t${++this.#lastId}`;
      this.#waiting.set(id, { block, offset });
      return { kind: "text", id, context: "page", text: text.slice(offset, offset + CHUNK_CHARS) };
    });
  }
}

function isParsing(): boolean {
  return document.readyState === "loading";
}

/** Where the overlapping chunks of a text begin. */
function offsetsIn({ length }: string): number[] {
  const step = CHUNK_CHARS - OVERLAP_CHARS;
  const count = Math.max(1, Math.ceil((length - OVERLAP_CHARS) / step));
  return Array.from({ length: count }, (_, i) => i * step);
}

function flag(block: Block, offset: number, { spans }: PageAction) {
  block.element.setAttribute("data-wardlight", "warn");
  block.element.setAttribute("title", t("warnTitle", t("reasonInjection")));
  highlight(spans.flatMap(({ start, end }) => rangeOf(block, start + offset, end + offset) ?? []));
}

function highlight(ranges: readonly Range[]) {
  const all = CSS.highlights.get(HIGHLIGHT) ?? new Highlight();
  for (const range of ranges) all.add(range);
  CSS.highlights.set(HIGHLIGHT, all);
}

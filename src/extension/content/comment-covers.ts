import { shadowTreeOf, t } from "../browser.ts";
import type { Hostility } from "../text-messages.ts";
import { claim, disclaim } from "./own.ts";

const ATTRIBUTE = "data-wardlight-comment";
const SAYS = "data-wardlight-says";
/** What would take an article with it is no comment. */
const MAX_CHARS = 20_000;

interface Cover {
  /** The page's own values of the attributes that it borrows. */
  readonly borrowed: ReadonlyMap<string, string | null>;
  readonly mayReveal: boolean;
}

/** Covers comments, each of which the user can look at all the same; of the page nothing changes but attributes. */
export class CommentCovers {
  readonly #covers = new Map<Element, Cover>();
  readonly #onReveal: (comment: Element) => void;

  /** @param onReveal the user wants to see this one. @param signal ends the listening; `undress` takes the covers off. */
  constructor(onReveal: (comment: Element) => void, signal: AbortSignal) {
    this.#onReveal = onReveal;
    const options = { capture: true, signal };
    addEventListener("click", (event) => this.#onPress(event), options);
    addEventListener("keydown", (event) => /^(Enter| )$/.test(event.key) && this.#onPress(event), options);
  }

  has(comment: Element): boolean {
    return this.#covers.has(comment);
  }

  get size(): number {
    return this.#covers.size;
  }

  /** Does nothing where it is covered, or is too much to be one comment. */
  cover(comment: Element, { kind, category, mayReveal }: Hostility): void {
    if (this.#covers.has(comment) || !isOne(comment)) return;
    const says = t("comment_covered", t(`category_${category}`));
    const attributes: Record<string, string> = {
      [ATTRIBUTE]: kind,
      [SAYS]: mayReveal ? `${says} ${t("comment_show")}` : says,
      "aria-label": mayReveal ? `${says} ${t("comment_show")}` : says,
      ...(mayReveal ? { role: "button", tabindex: "0" } : {}),
    };
    const borrowed = new Map(Object.keys(attributes).map((name) => [name, comment.getAttribute(name)]));
    for (const [name, value] of Object.entries(attributes)) comment.setAttribute(name, value);
    claim(comment);
    this.#covers.set(comment, { borrowed, mayReveal });
  }

  uncover(comment: Element): void {
    for (const [name, value] of this.#covers.get(comment)?.borrowed ?? []) {
      if (value === null) comment.removeAttribute(name);
      else comment.setAttribute(name, value);
    }
    disclaim(comment);
    this.#covers.delete(comment);
  }

  /** Every comment that is covered and in the page. */
  all(): Element[] {
    for (const comment of this.#covers.keys()) if (!comment.isConnected) this.#covers.delete(comment);
    return [...this.#covers.keys()];
  }

  undress(): void {
    for (const comment of [...this.#covers.keys()]) this.uncover(comment);
  }

  /** The page hears nothing of a press on a cover. */
  #onPress(event: Event) {
    const comment = event.isTrusted && this.#covers.size > 0 ? this.#coveredAt(event) : undefined;
    if (!comment) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.uncover(comment);
    this.#onReveal(comment);
  }

  #coveredAt(event: Event): Element | undefined {
    let target = event.composedPath()[0];
    // In a closed tree, what lies under the pointer or has the focus.
    while (target instanceof Element) {
      const tree = shadowTreeOf(target);
      const isPointed = event instanceof MouseEvent && event.detail > 0;
      const inner = isPointed ? tree?.elementFromPoint(event.clientX, event.clientY) : tree?.activeElement;
      if (!inner || inner === target) break;
      target = inner;
    }
    const found = target instanceof Element ? target.closest(`[${ATTRIBUTE}]`) : null;
    return found && this.#covers.get(found)?.mayReveal ? found : undefined;
  }
}

function isOne(comment: Element): boolean {
  const isPage = comment.matches("main, body, html") || comment.querySelector("main, h1") !== null;
  return !isPage && (comment.textContent?.length ?? 0) <= MAX_CHARS;
}

/** Removes what a guard that is gone has left. */
export function sweepCovers(): void {
  for (const comment of document.querySelectorAll(`[${ATTRIBUTE}]`))
    for (const name of [ATTRIBUTE, SAYS, "aria-label", "role", "tabindex"]) comment.removeAttribute(name);
}

import { sendButtonAt } from "./chats.ts";
import { type Box, boxOf, isField, textIn } from "./editable.ts";

const VERDICT_WITHIN_MS = 150;
/** So long after a send was issued again the box may still hold its text; then the site did not heed it. */
const HEEDED_WITHIN_MS = 1_500;

/** What may be done about a text that is about to be sent, at once or after a moment. */
export type Ruling = "pass" | "hold";

export interface SendHandlers {
  /** The box that the user writes in, where that is a chat. */
  box(): Box | undefined;
  /** Undefined where nothing is known of exactly this text yet. */
  ruling(box: Box, text: string): Ruling | undefined;
  judge(box: Box, text: string): Promise<Ruling>;
  /** It stays stopped; `issue` sends it all the same. */
  onHeld(box: Box, text: string, issue: () => void): void;
  /** It goes its way; soon the box will be empty. */
  onPassed(box: Box): void;
  /** No verdict in time, or the site did not heed what was issued: the user's next press is let through. */
  onPressAgain(box: Box, text: string): void;
}

/**
 * Stands between the user's press and the site's own handlers, at the first place that hears of it. What is known to be
 * fine passes untouched. Else the press is stopped at once, and issued again, once, when its verdict allows it.
 */
export class SendGate {
  readonly #handlers: SendHandlers;
  #isIssuing = false;
  /** The text whose verdict is waited for. */
  #pending: string | undefined;
  /** The Enter whose `keydown` was stopped is not let up either. */
  #swallowsKeyUp = false;
  #waived: string | undefined;

  constructor(handlers: SendHandlers, signal: AbortSignal) {
    this.#handlers = handlers;
    const options = { signal, capture: true } as const;
    addEventListener("keydown", (event) => this.#onKeyDown(event), options);
    addEventListener("keyup", (event) => this.#onKeyUp(event), options);
    addEventListener("click", (event) => this.#onClick(event), options);
    addEventListener("submit", (event) => this.#onSubmit(event), options);
    globalThis.navigation?.addEventListener("navigate", (event) => this.#onNavigate(event), options);
  }

  #onKeyDown(event: KeyboardEvent) {
    const isSend = event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing;
    if (!isSend || this.#isIssuing) return;
    const box = this.#handlers.box();
    if (!box || boxOf(event) !== box) return;
    const target = deepest(box);
    const isStopped = this.#consider(event, box, () => pressEnter(target, box, event));
    if (isStopped) this.#swallowsKeyUp = true;
  }

  #onKeyUp(event: KeyboardEvent) {
    if (event.key !== "Enter" || !this.#swallowsKeyUp || this.#isIssuing) return;
    this.#swallowsKeyUp = false;
    stop(event);
  }

  /** The page's own script may press its button, too. */
  #onClick(event: MouseEvent) {
    const box = this.#handlers.box();
    const target = event.composedPath()[0];
    if (this.#isIssuing || !box || !(target instanceof Element)) return;
    const button = sendButtonAt(target, box);
    if (button) this.#consider(event, box, () => button.click());
  }

  #onSubmit(event: SubmitEvent) {
    const box = this.#handlers.box();
    const form = event.target;
    if (this.#isIssuing || !box || !(form instanceof HTMLFormElement) || !form.contains(box)) return;
    const { submitter } = event;
    this.#consider(event, box, () => form.requestSubmit(submitter));
  }

  /** A form that a script sends by `submit()` tells nobody, but leaves the page with the text. */
  #onNavigate(event: NavigateEvent) {
    const box = this.#handlers.box();
    if (this.#isIssuing || !box || !isField(box) || !event.cancelable || event.destination.sameDocument) return;
    const { form } = box;
    if (form && carries(event, box)) this.#consider(event, box, () => HTMLFormElement.prototype.submit.call(form));
  }

  /** Answers whether the event was stopped. */
  #consider(event: Event, box: Box, act: () => void): boolean {
    const text = textIn(box);
    if (text.trim() === "") return false;
    const ruling = this.#handlers.ruling(box, text);
    if (ruling === "pass" || (ruling === undefined && text === this.#waived)) {
      this.#handlers.onPassed(box);
      return false;
    }
    stop(event);
    const issue = () => this.#issue(box, text, act);
    if (ruling === "hold") this.#handlers.onHeld(box, text, issue);
    else if (text !== this.#pending) void this.#wait(box, text, issue);
    return true;
  }

  async #wait(box: Box, text: string, issue: () => void) {
    this.#pending = text;
    const late = new Promise<"late">((resolve) => setTimeout(resolve, VERDICT_WITHIN_MS, "late"));
    const ruling = await Promise.race([this.#handlers.judge(box, text), late]);
    // What was changed meanwhile is another text, which nobody has asked to send, or is waited for by itself.
    if (this.#pending !== text) return;
    this.#pending = undefined;
    if (textIn(box) !== text) return;
    if (ruling === "pass") issue();
    else if (ruling === "hold") this.#handlers.onHeld(box, text, issue);
    else this.#pressAgain(box, text);
  }

  #issue(box: Box, text: string, act: () => void) {
    if (textIn(box) !== text) return;
    this.#isIssuing = true;
    this.#waived = text;
    try {
      act();
    } finally {
      this.#isIssuing = false;
    }
    this.#handlers.onPassed(box);
    setTimeout(() => {
      if (box.isConnected && textIn(box) === text) this.#handlers.onPressAgain(box, text);
      // By now it may be another text that the user was asked to send again.
      else if (this.#waived === text) this.#waived = undefined;
    }, HEEDED_WITHIN_MS);
  }

  #pressAgain(box: Box, text: string) {
    this.#waived = text;
    this.#handlers.onPressAgain(box, text);
  }
}

/** Whether what is in a box goes along, as a field of a form or in the address. */
function carries({ formData, destination }: NavigateEvent, { name, value }: HTMLInputElement | HTMLTextAreaElement) {
  const sent = (formData ?? new URL(destination.url).searchParams).getAll(name);
  const asSent = value.replace(/\r?\n/g, "\r\n");
  return sent.some((one) => one === asSent || one === value);
}

function stop(event: Event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** Where keys arrive: within an editable element the focus may lie deeper. */
function deepest(box: Box): Element {
  const root = box.getRootNode() as Document | ShadowRoot;
  const { activeElement } = root;
  return activeElement && box.contains(activeElement) ? activeElement : box;
}

/** Enter as the site hears it, and what the browser does with it where the site does not object. */
function pressEnter(target: Element, box: Box, { code, ctrlKey, metaKey }: KeyboardEvent) {
  const init = { key: "Enter", code, ctrlKey, metaKey, keyCode: 13, which: 13, bubbles: true, cancelable: true };
  const press = (type: string) => target.dispatchEvent(new KeyboardEvent(type, { ...init, composed: true }));
  const isFree = press("keydown") && press("keypress");
  press("keyup");
  if (!isFree || ctrlKey || metaKey) return;
  if (box instanceof HTMLInputElement) submitImplicitly(box);
  else document.execCommand(isField(box) ? "insertText" : "insertParagraph", false, isField(box) ? "\n" : undefined);
}

/** HTML, "implicit submission": the form's first submit button is pressed, or the form sent where it has none. */
function submitImplicitly({ form }: HTMLInputElement) {
  const button =
    form && [...form.elements].find((one) => one.matches("[type=submit], [type=image], button:not([type])"));
  if (button instanceof HTMLElement) button.click();
  else form?.requestSubmit();
}

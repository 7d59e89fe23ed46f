import table from "./chats.json" with { type: "json" };
import { isMultiline } from "./editable.ts";

const ASSISTANT = new RegExp(table.assistant, "i");
const SEND = new RegExp(table.send, "i");
const BOXES = "textarea, input:not([type]), input[type=text], [contenteditable], [role=textbox]";
const BUTTONS = "button, [role=button], input[type=submit], input[type=image]";
/** How many elements up a box and its button have a common one. */
const MAX_STEPS = 8;

/**
 * Whether what is written here goes to an AI: on a site that is known for it, else where words beside the box say so and
 * it looks like a conversation. What people write to people is nobody's business.
 */
export function isAiChat(box: Element): boolean {
  const host = location.hostname;
  if (table.hosts.some((known) => host === known || host.endsWith(`.${known}`))) return true;
  if (!ASSISTANT.test(wordsAbout(box))) return false;
  return document.querySelector(table.transcript) !== null || (isMultiline(box) && sendButtonOf(box) !== undefined);
}

/** Whether an element stands in what its page names as a conversation; with an AI only where `hasAiChat` says so. */
export function isInTranscript(element: Element): boolean {
  return element.closest(table.transcript) !== null;
}

/** Whether anything can be written to an AI here. Looks at every box of the page. */
export function hasAiChat(): boolean {
  return Array.from(document.querySelectorAll(BOXES)).some(isAiChat);
}

function wordsAbout(box: Element): string {
  const label = "labels" in box ? [...((box as HTMLTextAreaElement).labels ?? [])].map((one) => one.textContent) : [];
  const own = ["placeholder", "aria-label", "aria-placeholder", "data-placeholder", "title", "name", "id"];
  const headings = Array.from(document.querySelectorAll("h1, h2"), (one) => one.textContent).slice(0, 4);
  return [...own.map((name) => box.getAttribute(name)), ...label, document.title, ...headings]
    .join(" | ")
    .slice(0, 2_000);
}

/** The button that sends what the box holds, as far as its form, its type or its name tell. */
function sendButtonOf(box: Element): Element | undefined {
  let around: Element | null = box.closest("form") ?? box;
  for (let step = 0; around && step < MAX_STEPS; step++, around = around.parentElement) {
    const button = [...around.querySelectorAll(BUTTONS)].find((one) => isSendButton(one));
    if (button) return button;
  }
  return undefined;
}

/** The button of a click that would send what is in the box; undefined for any other click. */
export function sendButtonAt(target: Element, box: Element): HTMLElement | undefined {
  const button = target.closest(BUTTONS);
  if (!(button instanceof HTMLElement) || !isSendButton(button)) return undefined;
  let around: Element | null = box;
  for (let step = 0; around && step <= MAX_STEPS; step++, around = around.parentElement ?? hostOf(around)) {
    if (around.contains(button) || around.getRootNode() === button.getRootNode()) return button;
  }
  return undefined;
}

function hostOf(element: Element): Element | null {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

function isSendButton(button: Element): boolean {
  if (button.matches("form [type=submit], form [type=image], form button:not([type])")) return true;
  const names = ["aria-label", "title", "data-testid", "id", "name", "class", "value"];
  const words = [...names.map((name) => button.getAttribute(name)), button.textContent?.slice(0, 40)].join(" ");
  return SEND.test(words.replace(/[-_]/g, " ").replace(/([a-z])([A-Z])/g, "$1 $2"));
}

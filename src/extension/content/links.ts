import { t } from "../browser.ts";
import { type LinkWarning, send } from "../messages.ts";
import { reasonOf } from "./words.ts";

const MARK = "data-wardlight-link";
const LINKS_A_MESSAGE = 100;
const MAX_ADDRESSES = 2_000;
const MAX_ADDRESS = 4_096;
const SETTLE_MS = 400;

type Link = HTMLAnchorElement | HTMLAreaElement;

/** Marks a page's bad links before anybody clicks on them: what is on the screen first, when the page is at rest. */
export class LinkMarks {
  /** By address without fragment; null once it was found harmless, or while it is asked about. */
  readonly #known = new Map<string, LinkWarning | null>();
  #isScheduled = false;

  constructor(stopping: AbortSignal) {
    const observer = new MutationObserver(() => this.#schedule());
    observer.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["href"] });
    stopping.addEventListener("abort", () => {
      observer.disconnect();
      for (const link of document.querySelectorAll(`[${MARK}]`)) unmark(link);
    });
    this.#schedule();
  }

  #schedule() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => requestIdleCallback(() => void this.#scan(), { timeout: 2_000 }), SETTLE_MS);
  }

  async #scan() {
    this.#isScheduled = false;
    const links = [...document.links].filter(leadsAway);
    for (const link of links) this.#mark(link);
    const unknown = [...new Set(links.toSorted(onScreenFirst).map(addressOf))].filter((url) => !this.#known.has(url));
    const asked = unknown.slice(0, MAX_ADDRESSES - this.#known.size);
    for (const url of asked) this.#known.set(url, null);
    for (let i = 0; i < asked.length; i += LINKS_A_MESSAGE) {
      const warnings = await send("guard", "links", asked.slice(i, i + LINKS_A_MESSAGE)).catch(() => []);
      for (const warning of warnings) this.#known.set(warning.url, warning);
      if (warnings.length > 0) for (const link of document.links) this.#mark(link);
    }
  }

  #mark(link: Link) {
    const warning = this.#known.get(addressOf(link));
    const mark = warning?.isStopped ? "stop" : "warn";
    if (!warning) return unmark(link);
    if (link.getAttribute(MARK) === mark) return;
    const words = t("notice_link", warning.host, reasonOf(warning));
    link.setAttribute(MARK, mark);
    link.setAttribute("title", words);
    link.setAttribute("aria-description", words);
  }
}

/** An attribute of the page's own that was overwritten is lost. */
function unmark(link: Element) {
  if (!link.hasAttribute(MARK)) return;
  for (const name of [MARK, "title", "aria-description"]) link.removeAttribute(name);
}

/** A page's own host was judged when it was opened. */
function leadsAway({ protocol, host, href }: Link): boolean {
  return /^https?:$/.test(protocol) && host !== location.host && href.length <= MAX_ADDRESS;
}

function addressOf({ href }: Link): string {
  return href.split("#", 1)[0] ?? "";
}

function onScreenFirst(a: Link, b: Link): number {
  return Number(isOnScreen(b)) - Number(isOnScreen(a));
}

function isOnScreen(link: Link): boolean {
  const { top, bottom } = link.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

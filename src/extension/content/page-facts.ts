import type { PageFacts } from "../../core/url/page.ts";

const MAX_TEXT = 300;
const MAX_ADDRESS = 2_000;
const MAX_FORMS = 20;
const MAX_HOSTS = 100;
const MAX_ELEMENTS = 500;
const CARD = /cc-|card|cvv|cvc/i;

/** What a page that asks for something says of itself; null where it asks for nothing, which is most pages. */
export function collectFacts(): PageFacts | null {
  const forms = formsOf();
  if (forms.length === 0) return null;
  const heading =
    document.querySelector("h1")?.textContent?.trim() ||
    document.querySelector<HTMLImageElement>("img[alt][class*=logo i]")?.alt;
  const { documentElement, body } = document;
  return {
    title: document.title.slice(0, MAX_TEXT),
    heading: (heading ?? "").slice(0, MAX_TEXT),
    forms,
    icon: iconOf(),
    resourceHosts: hostsOf(),
    hiddenFrames: [...document.querySelectorAll("iframe")].slice(0, MAX_ELEMENTS).filter(isHidden).length,
    blocksContextMenu: [documentElement, body].some((part) =>
      /return\s+false/.test(part?.getAttribute("oncontextmenu") ?? ""),
    ),
  };
}

function formsOf(): PageFacts["forms"] {
  const forms = [...document.forms]
    .slice(0, MAX_FORMS)
    .map((form) => factsOf(form.getAttribute("action"), [...form.elements]));
  const loose = [...document.querySelectorAll("input")].filter(
    ({ form, type }) => form === null && type === "password",
  );
  return loose.length > 0 ? [...forms.slice(0, MAX_FORMS - 1), factsOf(null, loose)] : forms;
}

/** A page can give an element any name, `action` and `elements` of a form among them. */
function factsOf(action: string | null, parts: readonly Element[]): PageFacts["forms"][number] {
  const fields = parts.filter((part) => part instanceof HTMLInputElement);
  const address = action ? URL.parse(action, document.baseURI)?.href : undefined;
  return {
    action: (address ?? "").slice(0, MAX_ADDRESS),
    hasPassword: fields.some(({ type }) => type === "password"),
    hasCard: fields.some(({ autocomplete, name, id }) => CARD.test(`${autocomplete} ${name} ${id}`)),
  };
}

function iconOf(): string {
  const href = document.querySelector<HTMLLinkElement>("link[rel~=icon]")?.href ?? "";
  return href.startsWith("data:") ? "data:" : href.slice(0, MAX_ADDRESS);
}

function hostsOf(): string[] {
  const loaded = [...document.querySelectorAll<HTMLElement>("img[src], script[src], link[rel~=stylesheet][href]")];
  const addresses = loaded
    .slice(0, MAX_ELEMENTS)
    .map((part) => part.getAttribute("src") ?? part.getAttribute("href") ?? "");
  const hosts = addresses.map((address) => URL.parse(address, document.baseURI)?.hostname ?? "");
  return [...new Set(hosts.filter(Boolean))].slice(0, MAX_HOSTS);
}

function isHidden(frame: HTMLIFrameElement): boolean {
  if (!frame.src) return false;
  const { width, height, right, bottom } = frame.getBoundingClientRect();
  const { visibility } = getComputedStyle(frame);
  return width <= 1 || height <= 1 || visibility === "hidden" || right + scrollX < 0 || bottom + scrollY < 0;
}

import { claim } from "./own.ts";

/** An element over the page whose inside the page can neither see nor style; it takes up no room in the page. */
export function shadowBox(style: string): { host: HTMLElement; inside: ShadowRoot } {
  const host = document.createElement("div");
  host.style.cssText = "all:initial !important;position:fixed !important;z-index:2147483647 !important;";
  const inside = host.attachShadow({ mode: "closed" });
  claim(host);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  inside.adoptedStyleSheets = [sheet];
  return { host, inside };
}

/** An element with these attributes and content; text stays text. */
export function element(name: string, attributes: Record<string, string>, ...content: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

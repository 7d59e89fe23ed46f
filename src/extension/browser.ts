import browser from "webextension-polyfill";
import type en from "../../public/_locales/en/messages.json";

export type { DeclarativeNetRequest, Runtime, WebNavigation } from "webextension-polyfill";
/**
 * The browser's extension API: the one door to it. Chrome-only calls go through `chromium`, which is undefined in
 * Firefox.
 */
export { browser };

export const chromium: Pick<typeof chrome, "offscreen" | "runtime"> | undefined =
  typeof chrome !== "undefined" && "offscreen" in chrome ? chrome : undefined;

export type MessageKey = keyof typeof en;

/** The user-visible sentence for a key in the browser's language; `$1`… take the substitutions. */
export function t(key: MessageKey, ...substitutions: (string | number)[]): string {
  return browser.i18n.getMessage(key, substitutions.map(String));
}

/** The locale for numbers and dates beside the words of `t`: their language, with the browser's region where it fits. */
export function locale(): string {
  const [words, browsers] = [t("language"), browser.i18n.getUILanguage()];
  return browsers.split("-", 1)[0] === words ? browsers : words;
}

/** The day on which a week begins where the user lives, 0 is Sunday; Monday where the browser does not know. */
export function firstWeekday(): number {
  const place: Intl.Locale & { getWeekInfo?: () => { firstDay: number } } = new Intl.Locale(locale());
  return (place.getWeekInfo?.().firstDay ?? 1) % 7;
}

/** The shadow tree of an element, also a closed one, which is open to extensions alone. */
export function shadowTreeOf(element: Element): ShadowRoot | null {
  if ("openOrClosedShadowRoot" in element) return element.openOrClosedShadowRoot as ShadowRoot | null;
  try {
    return chrome.dom?.openOrClosedShadowRoot(element as HTMLElement) ?? null;
  } catch {
    // Once the extension is gone, so is its API; what is open is found all the same.
    return element.shadowRoot;
  }
}

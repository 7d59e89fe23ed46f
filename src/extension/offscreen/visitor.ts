import type { Circumstance, Failure, FailureCode } from "../../core/types.ts";
import type { Runtime } from "../browser.ts";
import type { ToPage } from "../messages.ts";
import type { Room } from "./finding-memory.ts";

/** One frame of one page, for as long as its port is open. */
export interface Visitor {
  /** Host of the page in the tab. */
  readonly site: string;
  /** Address of the page that shows what is judged. */
  readonly page: string;
  /** The page itself, by its tab and address; absent for a frame in it. */
  readonly document?: { readonly tabId: number; readonly url: string };
  /** Nothing of a private window is written down. */
  readonly isPrivate: boolean;
  readonly gone: AbortSignal;
  /** Where what is found of its pictures may be used again. */
  readonly room: Room;
  answer(message: ToPage): void;
  /** True once for each kind of failure: hundreds of texts that fail for one reason are told once. */
  isNews(failure: Failure | undefined): boolean;
  /** True once for each kind of draft: a text is judged again with every word that is added to it. */
  isNewDraft(label: string): boolean;
}

/** Who stands behind a test: no page, for which nothing is known beforehand. */
export function nobody(): Visitor {
  return {
    site: "",
    page: "",
    isPrivate: true,
    gone: new AbortController().signal,
    room: { name: `test ${crypto.randomUUID()}`, mayPersist: false },
    answer() {},
    isNews: () => false,
    isNewDraft: () => false,
  };
}

export function visitorOf(port: Runtime.Port): Visitor {
  const { tab, url = "", frameId } = port.sender ?? {};
  const isPage = frameId === 0 && url.startsWith("http");
  const controller = new AbortController();
  port.onDisconnect.addListener(() => controller.abort());
  const told = new Set<FailureCode>();
  const drafts = new Set<string>();
  const site = URL.parse(tab?.url ?? url)?.hostname ?? "";
  const isPrivate = tab?.incognito ?? true;
  return {
    site,
    page: url.startsWith("http") ? url : (tab?.url ?? ""),
    ...(isPage && tab?.id !== undefined ? { document: { tabId: tab.id, url } } : {}),
    isPrivate,
    gone: controller.signal,
    room: { name: `${isPrivate ? "private" : "open"} ${site}`, mayPersist: !isPrivate },
    answer(message) {
      if (!controller.signal.aborted) port.postMessage(message);
    },
    isNews(failure) {
      return failure !== undefined && !told.has(failure.code) && told.add(failure.code).size > 0;
    },
    isNewDraft(label) {
      return !drafts.has(label) && drafts.add(label).size > 0;
    },
  };
}

export function circumstanceOf({ site }: Visitor): Circumstance {
  return { site, at: Date.now() };
}

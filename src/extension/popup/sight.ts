import { hostOf } from "../../core/host.ts";
import { MAX_ACTS, type PageSummary, type TextSummary } from "../messages.ts";

/** Why a page cannot be seen. */
export type Blind = "access" | "own" | "browser" | "store" | "pdf" | "silent";

/** All frames as one page. */
export type Summary = PageSummary & { readonly texts: Omit<TextSummary, "acts"> };

export interface FrameAnswer {
  readonly frameId: number;
  readonly summary: PageSummary | undefined;
  readonly texts?: TextSummary | undefined;
}

/** What the popup knows of the tab. Only the page's own content script can say that it is seen. */
export type Sight =
  | { readonly kind: "seen"; readonly host: string | undefined; readonly summary: Summary }
  | { readonly kind: "blind"; readonly host: string | undefined; readonly reason: Blind }
  | { readonly kind: "loading"; readonly host: string | undefined };

export interface Facts {
  /** Undefined where the browser does not tell it. */
  readonly url: string | undefined;
  readonly isLoading: boolean;
  readonly hasAccess: boolean;
  /** Where the extension's own pages lie. */
  readonly base: string;
  /** What the content script of each frame answered, if it did. */
  readonly frames: readonly FrameAnswer[];
}

/** Hosts that browsers keep every extension out of. */
const KEPT_FROM_EXTENSIONS: readonly string[] = [
  "chromewebstore.google.com",
  "chrome.google.com",
  "microsoftedge.microsoft.com",
  "addons.mozilla.org",
  "accounts.firefox.com",
  "support.mozilla.org",
];

export function sightOf(facts: Facts): Sight {
  const { url, isLoading, frames } = facts;
  const host = url === undefined ? undefined : hostOf(url);
  const top = frames.find(({ frameId }) => frameId === 0)?.summary;
  // Chrome's PDF viewer is a page that has a content script, around a document that has none.
  if (top && top.contentType !== "application/pdf") {
    return { kind: "seen", host, summary: sum(top, frames) };
  }
  if (isLoading && host !== undefined && !top) return { kind: "loading", host };
  return { kind: "blind", host, reason: top ? "pdf" : blindness(host, facts) };
}

function blindness(host: string | undefined, { url = "", base, hasAccess }: Facts): Blind {
  if (url.startsWith(base)) return "own";
  if (host !== undefined && KEPT_FROM_EXTENSIONS.includes(host)) return "store";
  if (!hasAccess) return "access";
  if (host === undefined) return "browser";
  return /\.pdf$/i.test(URL.parse(url)?.pathname ?? "") ? "pdf" : "silent";
}

function sum(top: PageSummary, frames: Facts["frames"]): Summary {
  const all = frames.flatMap(({ summary }) => summary ?? []);
  const texts = frames.flatMap((frame) => frame.texts ?? []);
  const totalOf = (key: keyof Summary["texts"]) => texts.reduce((n, one) => n + one[key], 0);
  const total = (count: (summary: PageSummary) => number) => all.reduce((n, summary) => n + count(summary), 0);
  return {
    contentType: top.contentType,
    pictures: {
      shown: total(({ pictures }) => pictures.shown),
      waiting: total(({ pictures }) => pictures.waiting),
      veiled: total(({ pictures }) => pictures.veiled),
    },
    texts: {
      read: totalOf("read"),
      marked: totalOf("marked"),
      hidden: totalOf("hidden"),
      neutralised: totalOf("neutralised"),
      covered: totalOf("covered"),
    },
    acts: [...all, ...texts]
      .flatMap(({ acts }) => acts)
      .sort((a, b) => b.at - a.at)
      .slice(0, MAX_ACTS),
  };
}

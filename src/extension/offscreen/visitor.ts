import type { Circumstance, Failure, FailureCode } from "../../core/types.ts";
import type { Runtime } from "../browser.ts";
import type { ToPage } from "../messages.ts";
import { limited } from "./limited.ts";

/** A page whose server keeps silent holds up its own pictures alone. */
const READS_AT_ONCE = 8;

/** One frame of one page, for as long as its port is open. */
export interface Visitor {
  /** Host of the page in the tab. */
  readonly site: string;
  /** Address of the page that shows what is judged. */
  readonly page: string;
  /** Nothing of a private window is written down. */
  readonly isPrivate: boolean;
  readonly gone: AbortSignal;
  readonly inTurn: ReturnType<typeof limited>;
  answer(message: ToPage): void;
  /** True once for each kind of failure: hundreds of texts that fail for one reason are told once. */
  isNews(failure: Failure | undefined): boolean;
}

/** Who stands behind a test: no page. */
export const NOBODY: Visitor = {
  site: "",
  page: "",
  isPrivate: true,
  gone: new AbortController().signal,
  inTurn: limited(1),
  answer() {},
  isNews: () => false,
};

export function visitorOf(port: Runtime.Port): Visitor {
  const { tab, url = "" } = port.sender ?? {};
  const controller = new AbortController();
  port.onDisconnect.addListener(() => controller.abort());
  const told = new Set<FailureCode>();
  return {
    site: URL.parse(tab?.url ?? url)?.hostname ?? "",
    page: url.startsWith("http") ? url : (tab?.url ?? ""),
    isPrivate: tab?.incognito ?? true,
    gone: controller.signal,
    inTurn: limited(READS_AT_ONCE),
    answer(message) {
      if (!controller.signal.aborted) port.postMessage(message);
    },
    isNews(failure) {
      return failure !== undefined && !told.has(failure.code) && told.add(failure.code).size > 0;
    },
  };
}

export function circumstanceOf({ site }: Visitor): Circumstance {
  return { site, at: Date.now() };
}

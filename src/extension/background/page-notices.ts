import { hostOf } from "../../core/host.ts";
import type { Settings } from "../../core/policy.ts";
import type { WebNavigation } from "../browser.ts";
import { sendToFrame } from "../messages.ts";
import { type JudgedUrl, judgeUrl } from "./url-judge.ts";
import { warningOf } from "./warning.ts";

export type Navigation = Pick<WebNavigation.OnBeforeNavigateDetailsType, "tabId" | "frameId" | "url"> & {
  readonly parentFrameId?: number;
};

/** Has the page around a stopped frame say so. @param first what the frame was sent to at first */
export async function noticeFrame({ tabId, parentFrameId = -1 }: Navigation, first: string, judged: JudgedUrl) {
  if (parentFrameId < 0) return;
  const notice = { url: first, ...warningOf(judged) };
  // Where no guard lives in the page around it, nobody is told.
  await sendToFrame({ tabId, frameId: parentFrameId }, "notice", "frame", notice).catch(() => {});
}

/** Warns a page of the address that it has given itself, if need be. */
export async function warnPage({ tabId, frameId, url }: Navigation, settings: Settings): Promise<void> {
  if (hostOf(url) === undefined) return;
  const judged = await judgeUrl(url, settings);
  if (judged.action.kind !== "warn") return;
  await sendToFrame({ tabId, frameId }, "notice", "warn", warningOf(judged)).catch(() => {});
}

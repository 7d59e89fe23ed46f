import { t } from "../browser.ts";
import { isOrphaned } from "./succession.ts";

const NAME = "Wardlight";
const WITHIN_MS = 2_000;

/** What is still to be said when the extension is gone, and its words with it. */
interface LastWords {
  readonly orphaned: string;
  readonly unreachable: string;
  readonly show: string;
}

let words: LastWords | undefined;

/** For the first word of a frame the browser has to be asked, and a page that begins would wait for that. */
export function learnLastWords(): void {
  requestIdleCallback(lastWords, { timeout: WITHIN_MS });
}

export function lastWords(): LastWords {
  if (!words && isOrphaned()) return { orphaned: NAME, unreachable: NAME, show: NAME };
  words ??= { orphaned: t("orphaned"), unreachable: t("heldTitle", t("reasonFailure")), show: t("why_show") };
  return words;
}

import type { Moment } from "../../core/types.ts";
import { locale } from "../browser.ts";

/** The time of day of a moment within the next day. */
export function timeOf(at: Moment): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(at);
}

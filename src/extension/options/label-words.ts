import type { PageLabel } from "../../core/page-labels.ts";
import { type MessageKey, t } from "../browser.ts";

/** What a label is called; its own name where a newer version has more of them. */
export function labelName(label: PageLabel): string {
  const [question, name = ""] = label.split("/");
  return t(`label_${name.replaceAll(" ", "_")}_${question}` as MessageKey) || label;
}

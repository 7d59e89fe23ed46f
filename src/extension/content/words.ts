import { t } from "../browser.ts";
import type { PageWarning } from "../messages.ts";

/** Why an address is bad, in a few words: whom it imitates where that is known, else the kind of evil. */
export function reasonOf({ category, target }: PageWarning): string {
  return target ? t("blocked_target", target).replace(/\.$/, "") : t(`category_${category}`);
}

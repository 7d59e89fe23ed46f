import { locale, t } from "../browser.ts";
import { type PageWarning, send } from "../messages.ts";
import { element, shadowBox } from "./shadow-box.ts";

const STYLE = `
:host { inset: 0 0 auto 0 !important; }
section { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; padding: 10px 16px;
  font: 15px/1.4 system-ui, sans-serif; color: #3b2600; background: #ffe3a8; border-bottom: 2px solid #b86f00;
  box-shadow: 0 2px 12px rgb(0 0 0 / 25%); }
p { margin: 0; flex: 1 1 20rem; overflow-wrap: anywhere; }
strong { font-weight: 650; }
button { min-height: 36px; padding: 4px 16px; border: 1px solid #8a4f00; border-radius: 8px; background: transparent;
  color: inherit; font: inherit; cursor: pointer; }
button.leave { background: #3b2600; color: #ffe3a8; }
button:focus-visible { outline: 3px solid #8a4f00; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  section { color: #ffe3a8; background: #2e2210; border-color: #f5b445; }
  button { border-color: #f5b445; } button.leave { background: #f5b445; color: #1a1405; }
  button:focus-visible { outline-color: #ffd78c; }
}`;

const TWO_DIGITS = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

let shown: HTMLElement | undefined;

/** A calm word of warning at the top of the page: why, whom it imitates, and a way out. Told twice it stands once. */
export function showBanner(warning: PageWarning): void {
  if (shown?.isConnected) return;
  const { host, inside } = shadowBox(STYLE);
  const { category, score, target } = warning;
  const heading = element("strong", {}, t("notice_warn", warning.host));
  const reason = t("notice_reason", t(`category_${category}`), score.toLocaleString(locale(), TWO_DIGITS));
  const words = element("p", {}, heading, ` ${target ? `${t("notice_target", target)} ` : ""}${reason}`);
  const leave = element("button", { type: "button", class: "leave" }, t("notice_leave"));
  const hide = element("button", { type: "button" }, t("notice_hide"));
  leave.addEventListener("click", (event) => event.isTrusted && void send("guard", "leave", null));
  hide.addEventListener("click", () => host.remove());
  inside.append(element("section", { role: "alert" }, words, leave, hide));
  document.documentElement.append(host);
  shown = host;
}

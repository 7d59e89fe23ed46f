import { render } from "preact";
import { t } from "../browser.ts";
import { readBlock } from "./block.ts";
import { Blocked } from "./blocked.tsx";

// From one blocked address to another only the fragment changes, and the browser loads nothing.
addEventListener("hashchange", () => location.reload());
const block = readBlock(location.hash);
document.documentElement.lang = t("language");
document.title = block.host ? t("blocked_titleHost", block.host) : t("blocked_title");
const root = document.getElementById("app");
if (root) render(<Blocked block={block} />, root);

import { render } from "preact";
import { t } from "../browser.ts";
import { Popup } from "./popup.tsx";

document.documentElement.lang = t("language");
const root = document.getElementById("app");
if (root) render(<Popup />, root);

import { render } from "preact";
import { t } from "../browser.ts";
import { Welcome } from "./welcome.tsx";

document.documentElement.lang = t("language");
document.title = `${t("welcome_title")} – ${t("name")}`;
const root = document.getElementById("app");
if (root) render(<Welcome />, root);

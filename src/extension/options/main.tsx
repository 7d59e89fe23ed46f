import { render } from "preact";
import { t } from "../browser.ts";
import { App } from "./app.tsx";

document.documentElement.lang = t("language");
const root = document.getElementById("app");
if (root) render(<App />, root);

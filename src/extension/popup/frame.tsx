import type { Settings } from "../../core/policy.ts";
import type { Moment } from "../../core/types.ts";
import { browser, t } from "../browser.ts";
import { soon } from "../options/format.ts";
import type { Route } from "../options/router.ts";
import type { Sight } from "./sight.ts";
import { isTrusted } from "./trust.ts";

const OPTIONS = "src/extension/options/index.html";

interface HeadProps {
  sight: Sight | undefined;
  settings: Settings | undefined;
}

/** Which site this is, and whether it is guarded. */
export function Head({ sight, settings }: HeadProps) {
  const state = stateOf(sight, settings, Date.now());
  return (
    <header class="head">
      <img src="/icons/icon.svg" alt="" width="32" height="32" />
      <div>
        <h1>{sight?.host ? <bdi>{sight.host}</bdi> : t("name")}</h1>
        <p class="guard" data-state={state.name}>
          <span class="lamp" aria-hidden="true" />
          {state.text}
        </p>
      </div>
    </header>
  );
}

/** Never says that the guard is on where nobody has answered. */
function stateOf(sight: Sight | undefined, settings: Settings | undefined, now: Moment) {
  if (!sight || !settings || sight.kind === "loading") return { name: "unknown", text: t("loading") };
  if (sight.kind === "blind") return { name: "off", text: t("popup_blind") };
  const { pausedUntil, allowlist } = settings;
  if (pausedUntil !== null && pausedUntil > now)
    return { name: "off", text: t("guard_paused", soon(pausedUntil, now)) };
  if (isTrusted(sight.host, allowlist)) return { name: "off", text: t("popup_pausedHere") };
  return { name: "on", text: t("guard_on") };
}

/** The ways on to the large pages. */
export function Links() {
  return (
    <nav aria-label={t("nav_label")}>
      <OwnLink to="journal" />
      <OwnLink to="protection" />
      <OwnLink to="test" />
    </nav>
  );
}

/** A popup closes when a tab opens before it, but not in every browser by itself. */
function OwnLink({ to }: { to: Route }) {
  const address = browser.runtime.getURL(`${OPTIONS}#/${to}`);
  const open = async (event: Event) => {
    event.preventDefault();
    await browser.tabs.create({ url: address });
    window.close();
  };
  return (
    <a href={address} onClick={open}>
      {t(`nav_${to}`)}
    </a>
  );
}

import type { Settings } from "../../core/policy.ts";
import { browser, t } from "../browser.ts";
import { sendToFrame } from "../messages.ts";
import { count } from "../options/format.ts";
import type { SettingsDesk } from "../options/settings.ts";
import { MAX_HIDDEN } from "../text-messages.ts";
import type { Sight } from "./sight.ts";
import { fromFrames } from "./tab.ts";
import { distrusting, isTrusted, trusting } from "./trust.ts";

interface Props {
  tabId: number;
  sight: Extract<Sight, { kind: "seen" }>;
  desk: SettingsDesk;
  settings: Settings;
  /** Tells the user what was done. */
  say: (notice: string) => void;
}

/** What can be done about the text of the page: see what is hidden in it, take along what is not, put words back. */
export function PageText({ tabId, sight, desk, settings, say }: Props) {
  const attempt = (act: () => Promise<string>) => () => {
    act().then(say, () => say(t("popup_textFailed")));
  };
  const { neutralised } = sight.summary.texts;
  return (
    <section class="page-text">
      <h2>{t("popup_text")}</h2>
      <div class="acts-row">
        <button type="button" id="show-hidden" onClick={attempt(() => showHidden(tabId))}>
          {t("popup_showHidden")}
        </button>
        <button type="button" id="copy-plain" onClick={attempt(() => copyPlain(tabId))}>
          {t("popup_copyPlain")}
        </button>
        {neutralised > 0 && (
          <button type="button" id="restore" onClick={attempt(() => restore(tabId))}>
            {t("popup_restore")}
          </button>
        )}
      </div>
      {sight.host !== undefined && <SiteSwitches {...{ tabId, host: sight.host, desk, settings, say }} />}
    </section>
  );
}

async function showHidden(tabId: number): Promise<string> {
  const found = await fromFrames(tabId, (frame) => sendToFrame(frame, "texts", "hidden", null));
  const texts = found
    .flat()
    .sort((a, b) => Number(b.isMarked) - Number(a.isMarked))
    .slice(0, MAX_HIDDEN);
  if (texts.length === 0) return t("popup_noHidden");
  await sendToFrame({ tabId, frameId: 0 }, "texts", "show", texts);
  return t("popup_hiddenShown");
}

async function copyPlain(tabId: number): Promise<string> {
  const texts = await fromFrames(tabId, (frame) => sendToFrame(frame, "texts", "plain", null));
  const text = texts.filter(Boolean).join("\n\n");
  await navigator.clipboard.writeText(text);
  return t("popup_copied", count(text.length));
}

async function restore(tabId: number): Promise<string> {
  await fromFrames(tabId, (frame) => sendToFrame(frame, "texts", "restore", null));
  return t("popup_restored");
}

interface SiteProps extends Omit<Props, "sight"> {
  host: string;
}

/** What holds on this site alone; the page is loaded again, so that it holds at once. */
function SiteSwitches({ tabId, host, desk, settings: { page }, say }: SiteProps) {
  const change = (list: "markedSites" | "openSites") => async () => {
    const hosts = isTrusted(host, page[list]) ? distrusting(host, page[list]) : trusting(host, page[list]);
    if (!(await desk.change({ page: { ...page, [list]: hosts } }))) return;
    await browser.tabs.reload(tabId);
    say(t("popup_siteChanged", host));
  };
  const areCovered = Object.values(page.comments).some((care) => care !== "off");
  return (
    <>
      <label class="switch">
        <input
          type="checkbox"
          name="mark-here"
          checked={isTrusted(host, page.markedSites)}
          onChange={change("markedSites")}
        />
        <span>{t("popup_markHere")}</span>
      </label>
      {areCovered && (
        <label class="switch">
          <input
            type="checkbox"
            name="open-here"
            checked={isTrusted(host, page.openSites)}
            onChange={change("openSites")}
          />
          <span>{t("popup_openHere")}</span>
        </label>
      )}
    </>
  );
}

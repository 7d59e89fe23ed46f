import { LEVELS, type Level, type Settings } from "../../core/policy.ts";
import { browser, t } from "../browser.ts";
import type { SettingsDesk } from "../options/settings.ts";
import type { Seen } from "./tab.ts";
import { distrusting, isTrusted, trusting } from "./trust.ts";

interface Props {
  seen: Seen;
  desk: SettingsDesk;
  settings: Settings;
  /** Tells the user what was done. */
  say: (notice: string) => void;
}

/** A pause for this site alone, and the level for all. */
export function Controls({ seen: { tabId, sight }, desk, settings, say }: Props) {
  const changeLevel = async (level: Level) => {
    if (await desk.change({ level })) say(t("popup_levelChanged", t(`level_${level}`)));
  };
  const resume = async () => {
    if (!(await desk.change({ pausedUntil: null }))) return;
    await browser.tabs.reload(tabId);
    say(t("popup_resumed"));
  };
  const isPaused = settings.pausedUntil !== null && settings.pausedUntil > Date.now();
  return (
    <div class="controls">
      {isPaused && (
        <button type="button" class="primary" onClick={resume}>
          {t("pause_resume")}
        </button>
      )}
      {sight.kind === "seen" && sight.host !== undefined && (
        <PauseHere tabId={tabId} host={sight.host} desk={desk} hosts={settings.allowlist} say={say} />
      )}
      <LevelSwitch level={settings.level} onChange={changeLevel} />
    </div>
  );
}

interface PauseProps {
  tabId: number;
  host: string;
  hosts: readonly string[];
  desk: SettingsDesk;
  say: Props["say"];
}

/** Exempts the site until it is taken back; the page is loaded again, since what is hidden stays hidden else. */
function PauseHere({ tabId, host, hosts, desk, say }: PauseProps) {
  const isPaused = isTrusted(host, hosts);
  const toggle = async () => {
    const allowlist = isPaused ? distrusting(host, hosts) : trusting(host, hosts);
    if (!(await desk.change({ allowlist }))) return;
    await browser.tabs.reload(tabId);
    say(isPaused ? t("popup_guardedNow", host) : t("popup_pausedNow", host));
  };
  return (
    <button type="button" id="pause-here" class={isPaused ? "primary" : ""} onClick={toggle}>
      {isPaused ? t("popup_guardHere") : t("popup_pauseHere")}
    </button>
  );
}

function LevelSwitch({ level, onChange }: { level: Level; onChange: (level: Level) => void }) {
  return (
    <fieldset class="segments">
      <legend>{t("level_title")}</legend>
      {LEVELS.map((name) => (
        <label key={name}>
          <input type="radio" name="level" value={name} checked={name === level} onChange={() => onChange(name)} />
          <span>{t(`level_${name}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}

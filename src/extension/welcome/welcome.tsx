import { browser, t } from "../browser.ts";
import { ask, useLoaded } from "../options/console.ts";
import { LevelChoice } from "../options/level-choice.tsx";
import { Banner, Card, Notice } from "../options/parts.tsx";
import { useSettings } from "../options/settings.ts";
import { Leave } from "./leave.tsx";
import { Strength } from "./strength.tsx";

const STEPS = ["stepJudge", "stepPrivate", "stepYou"] as const;
const loadSettings = () => ask("settings", {});

/** The first page that a new user sees: what Wardlight does, what it needs, and that it works. */
export function Welcome() {
  return (
    <main>
      <header class="hero">
        <img src="/icons/icon.svg" alt="" width="72" height="72" />
        <div>
          <h1>{t("welcome_heading")}</h1>
          <p>{t("welcome_lead")}</p>
        </div>
      </header>
      <ol class="steps">
        {STEPS.map((step) => (
          <li key={step} class="card">
            <h2>{t(`welcome_${step}`)}</h2>
            <p class="lead">{t(`welcome_${step}Lead`)}</p>
          </li>
        ))}
      </ol>
      <Leave />
      <Level />
      <Strength />
      <Card title={t("test_title")} lead={t("welcome_testLead")}>
        <div class="buttons">
          <a class="button" href={browser.runtime.getURL("src/extension/options/index.html#/test")}>
            {t("test_run")}
          </a>
        </div>
      </Card>
    </main>
  );
}

function Level() {
  const stored = useLoaded(loadSettings);
  const { settings, error, change, retry, dismiss } = useSettings(stored.value);
  return (
    <>
      <Notice loaded={stored} />
      {error && <Banner text={t("error_save")} detail={error} onRetry={retry} onDismiss={dismiss} />}
      {settings && <LevelChoice level={settings.level} onChange={(level) => change({ level })} />}
    </>
  );
}

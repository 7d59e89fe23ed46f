import type { ComponentChildren } from "preact";
import { browser, t } from "../browser.ts";
import { ask, useLoaded } from "../options/console.ts";
import { LevelChoice } from "../options/level-choice.tsx";
import { useLock } from "../options/lock/desk.ts";
import { Cooling } from "../options/lock/waiting.tsx";
import { Banner, Card, Notice } from "../options/parts.tsx";
import type { Route } from "../options/router.ts";
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
      <ul class="steps">
        {STEPS.map((step) => (
          <li key={step} class="card">
            <h2>{t(`welcome_${step}`)}</h2>
            <p class="lead">{t(`welcome_${step}Lead`)}</p>
          </li>
        ))}
      </ul>
      <Leave />
      <Step n={1} title={t("welcome_first")}>
        <Level />
      </Step>
      <Step n={2} title={t("welcome_second")}>
        <LockStep />
      </Step>
      <Step n={3} title={t("welcome_third")}>
        <Card title={t("test_title")} lead={t("welcome_testLead")}>
          <div class="buttons">
            <a class="button primary" href={optionsPage("test")}>
              {t("test_run")}
            </a>
          </div>
        </Card>
      </Step>
      <Strength />
    </main>
  );
}

function optionsPage(route: Route): string {
  return browser.runtime.getURL(`src/extension/options/index.html#/${route}`);
}

function Step({ n, title, children }: { n: number; title: string; children: ComponentChildren }) {
  return (
    <section class="step">
      <h2>
        <span class="step-number">{n}</span> {title}
      </h2>
      {children}
    </section>
  );
}

/** The waiting time alone is here: a secret is nothing to be chosen in passing. */
function LockStep() {
  const desk = useLock();
  const { value: state } = desk.loaded;
  return (
    <>
      <Notice loaded={desk.loaded} />
      {desk.error && <Banner text={t("error_lock")} reason={desk.error} onRetry={desk.loaded.reload} />}
      <p class="lead">{t("welcome_secondLead")}</p>
      {state && <Cooling state={state} desk={desk} />}
      <p>
        <a class="button" href={optionsPage("lock")}>
          {t("welcome_lockMore")}
        </a>
      </p>
    </>
  );
}

function Level() {
  const stored = useLoaded(loadSettings);
  const { settings, error, change, retry, dismiss } = useSettings(stored.value);
  return (
    <>
      <Notice loaded={stored} />
      {error && <Banner text={t("error_save")} reason={error} onRetry={retry} onDismiss={dismiss} />}
      {settings && <LevelChoice level={settings.level} onChange={(level) => change({ level })} />}
    </>
  );
}

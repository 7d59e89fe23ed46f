import { useEffect, useState } from "preact/hooks";
import { t } from "../browser.ts";
import { useCare } from "../options/care.ts";
import { ask, useLoaded } from "../options/console.ts";
import { Banner, Notice } from "../options/parts.tsx";
import { Reminder } from "../options/reminder.tsx";
import { useSettings } from "../options/settings.ts";
import { Acts } from "./acts.tsx";
import { AccessBanner, Blindness } from "./blindness.tsx";
import { Controls } from "./controls.tsx";
import { Counts } from "./counts.tsx";
import { Head, Links } from "./frame.tsx";
import { PageText } from "./page-text.tsx";
import { look, type Seen } from "./tab.ts";

const LOOK_EVERY_MS = 1_000;
const loadSettings = () => ask("settings", {});

/** What happened on the page in front, why, and what the user may want to do about it. */
export function Popup() {
  const seen = useLoaded(look);
  useEvery(LOOK_EVERY_MS, seen.reload);
  const stored = useLoaded(loadSettings);
  const care = useCare();
  const [notice, setNotice] = useState("");
  const desk = useSettings(stored.value, () => setNotice(t("lock_later")));
  const { settings, error, retry, dismiss } = desk;
  return (
    <>
      <Head sight={seen.value?.sight} settings={settings} />
      <main>
        <Reminder desk={care} now={Date.now()} />
        {error && <Banner text={t("error_save")} reason={error} onRetry={retry} onDismiss={dismiss} />}
        <Notice loaded={seen} />
        {seen.value && <Sight seen={seen.value} onChange={seen.reload} />}
        <p class="notice" role="status">
          {notice}
        </p>
        <Notice loaded={stored} />
        {settings && seen.value?.sight.kind === "seen" && (
          <PageText tabId={seen.value.tabId} sight={seen.value.sight} desk={desk} settings={settings} say={setNotice} />
        )}
        {settings && seen.value && <Controls seen={seen.value} desk={desk} settings={settings} say={setNotice} />}
      </main>
      <Links />
    </>
  );
}

function Sight({ seen: { tabId, sight, hasAccess }, onChange }: { seen: Seen; onChange: () => void }) {
  if (sight.kind === "blind") return <Blindness reason={sight.reason} tabId={tabId} onChange={onChange} />;
  if (sight.kind === "loading") return null;
  return (
    <>
      {!hasAccess && <AccessBanner onChange={onChange} />}
      <Counts summary={sight.summary} />
      <Acts acts={sight.summary.acts} />
    </>
  );
}

function useEvery(ms: number, job: () => void) {
  useEffect(() => {
    const timer = setInterval(job, ms);
    return () => clearInterval(timer);
  }, [ms, job]);
}

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Settings } from "../../core/policy.ts";
import type { Moment } from "../../core/types.ts";
import { browser, t } from "../browser.ts";
import { About } from "./about.tsx";
import { Compliance } from "./compliance/compliance.tsx";
import { ask, useLoaded } from "./console.ts";
import { soon } from "./format.ts";
import { Journal } from "./journal.tsx";
import { Lists } from "./lists.tsx";
import { LockContext, useLock } from "./lock/desk.ts";
import { Closed, Lock } from "./lock/lock.tsx";
import { Models } from "./models/models.tsx";
import { Overview } from "./overview/overview.tsx";
import { Protection } from "./protection.tsx";
import { Reports } from "./reports/reports.tsx";
import { ROUTES, type Route, useRoute } from "./router.ts";
import { SelfTest } from "./self-test.tsx";
import { useSettings } from "./settings.ts";
import { Toast, type ToastMessage } from "./toast.tsx";

/** The sections that read the journal. */
const READERS: readonly Route[] = ["overview", "journal", "reports", "compliance"];
const loadStatus = () => ask("status", null);

/** The whole page: navigation, the section that the address names, and the place for passing messages. */
export function App() {
  const route = useRoute();
  const isArrival = useHasChanged(route);
  const status = useLoaded(loadStatus);
  const { reload } = status;
  const lock = useLock();
  const { reload: reloadLock } = lock.loaded;
  useEffect(() => {
    // What one section shows may have been changed in another.
    if (isArrival) reload();
    if (isArrival) reloadLock();
  }, [route, isArrival, reload, reloadLock]);
  const [toast, setToast] = useState<ToastMessage>();
  const desk = useSettings(status.value?.settings, () => {
    setToast({ text: t("lock_later") });
    reloadLock();
  });
  const closeToast = useCallback(() => setToast(undefined), []);
  const now = useNow();
  const view = { isArrival, status, showToast: setToast, now };
  const isClosed = READERS.includes(route) && lock.loaded.value?.isJournalLocked === true;
  return (
    <LockContext.Provider value={lock.loaded.value}>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        {t("skip")}
      </button>
      <Sidebar route={route} state={stateOf(desk.settings, now)} />
      <main id="main" tabIndex={-1}>
        {isClosed && <Closed title={t(`nav_${route}`)} isArrival={isArrival} desk={lock} />}
        {!isClosed && route === "overview" && <Overview {...view} />}
        {!isClosed && route === "journal" && <Journal {...view} />}
        {route === "protection" && <Protection {...view} desk={desk} />}
        {route === "lock" && <Lock {...view} desk={lock} />}
        {route === "lists" && <Lists {...view} desk={desk} />}
        {route === "test" && <SelfTest {...view} />}
        {route === "models" && <Models {...view} />}
        {!isClosed && route === "reports" && <Reports {...view} desk={desk} />}
        {!isClosed && route === "compliance" && <Compliance {...view} desk={desk} />}
        {route === "about" && <About {...view} />}
      </main>
      <Toast message={toast} onClose={closeToast} />
    </LockContext.Provider>
  );
}

interface GuardState {
  readonly name: "on" | "paused" | "unknown";
  readonly text: string;
}

/** Never says that the guard is on when nobody has said so. */
function stateOf(settings: Settings | undefined, now: Moment): GuardState {
  if (!settings) return { name: "unknown", text: t("guard_unknown") };
  const { pausedUntil } = settings;
  if (pausedUntil === null || pausedUntil <= now) return { name: "on", text: t("guard_on") };
  return { name: "paused", text: t("guard_paused", soon(pausedUntil, now)) };
}

function Sidebar({ route, state }: { route: Route; state: GuardState }) {
  return (
    <header class="side">
      <div class="brand">
        <img src="/icons/icon.svg" alt="" width="36" height="36" data-wardlight="shown" />
        <span>{t("name")}</span>
      </div>
      <nav aria-label={t("nav_label")}>
        {ROUTES.map((name) => (
          <a key={name} href={`#/${name}`} aria-current={name === route ? "page" : undefined}>
            {t(`nav_${name}`)}
          </a>
        ))}
      </nav>
      <p class="guard" data-state={state.name} role="status">
        <span class="lamp" aria-hidden="true" />
        {state.text}
      </p>
      <p class="version">{t("about_version", browser.runtime.getManifest().version)}</p>
    </header>
  );
}

/** False until the value is another one than at first. */
function useHasChanged(value: unknown): boolean {
  const first = useRef(value);
  const hasChanged = useRef(false);
  if (value !== first.current) hasChanged.current = true;
  return hasChanged.current;
}

const TICK_MS = 15_000;

/** The time, fresh enough to tell when a pause is over. */
function useNow(): Moment {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

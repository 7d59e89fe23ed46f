import { useRef } from "preact/hooks";
import type { Moment } from "../../../core/types.ts";
import { t } from "../../browser.ts";
import type { LockState } from "../../lock-messages.ts";
import { soon } from "../format.ts";
import { Banner, Card, Notice, Page } from "../parts.tsx";
import type { ShowToast } from "../toast.tsx";
import type { LockDesk } from "./desk.ts";
import { Lockdown } from "./lockdown.tsx";
import { Secrets } from "./secrets.tsx";
import { Unlock } from "./unlock.tsx";
import { Cooling, PendingChanges } from "./waiting.tsx";

interface Props {
  isArrival: boolean;
  now: Moment;
  desk: LockDesk;
  showToast: ShowToast;
}

/** What keeps protection from being weakened in a weak moment, and what nothing here can keep. */
export function Lock({ isArrival, now, desk, showToast }: Props) {
  const { loaded, error, dismiss } = desk;
  const { value: state, reload } = loaded;
  return (
    <Page title={t("lock_title")} lead={t("lock_lead")} isArrival={isArrival}>
      <Notice loaded={loaded} />
      {error && <Banner text={t("error_lock")} reason={error} onRetry={reload} onDismiss={dismiss} />}
      {state && (
        <>
          {state.isManaged && <p class="note managed-all">{t("managed_all")}</p>}
          <State state={state} desk={desk} now={now} />
          <PendingChanges state={state} desk={desk} now={now} />
          <Secrets state={state} desk={desk} showToast={showToast} />
          <Cooling state={state} desk={desk} />
          <Lockdown state={state} desk={desk} now={now} />
          <Honesty />
          <Card title={t("audit_title")} lead={t("audit_lead")}>
            <p>
              <a href="#/compliance">{t("audit_where")}</a>
            </p>
          </Card>
        </>
      )}
    </Page>
  );
}

function State({ state, desk, now }: { state: LockState; desk: LockDesk; now: Moment }) {
  const { secrets, openUntil } = state;
  if (secrets.length === 0 && !state.isJournalLocked) return null;
  if (openUntil !== null) {
    return (
      <Card title={t("lock_open", soon(openUntil, now))} lead={t("lock_openLead")}>
        <div class="buttons">
          <button type="button" class="primary" onClick={() => desk.change({ kind: "close" })} data-testid="close-lock">
            {t("lock_close")}
          </button>
        </div>
      </Card>
    );
  }
  return (
    <Card title={t("lock_closed")} lead={t("lock_closedLead")}>
      <Unlock desk={desk} />
      <Lost state={state} desk={desk} />
    </Card>
  );
}

/** Gives up what cannot be opened any more; it says what that costs. */
function Lost({ state, desk }: { state: LockState; desk: LockDesk }) {
  const dialog = useRef<HTMLDialogElement>(null);
  if (state.pending.some(({ change }) => change.kind === "forget")) return null;
  const give = () => {
    dialog.current?.close();
    void desk.change({ kind: "forget" });
  };
  return (
    <>
      <div class="buttons">
        <button type="button" class="link" onClick={() => dialog.current?.showModal()} data-testid="lost">
          {t("lost_button")}
        </button>
      </div>
      <dialog ref={dialog} aria-labelledby="lost-question" aria-describedby="lost-warning">
        <h2 id="lost-question">{t("lost_question")}</h2>
        <p id="lost-warning">{t("lost_warning")}</p>
        <div class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {t("cancel")}
          </button>
          <button type="button" class="danger" onClick={give} data-testid="lost-confirm">
            {t("lost_confirm")}
          </button>
        </div>
      </dialog>
    </>
  );
}

/** In place of a page that reads the journal. */
export function Closed({ title, isArrival, desk }: { title: string; isArrival: boolean; desk: LockDesk }) {
  return (
    <Page title={title} lead={t("closed_lead")} isArrival={isArrival}>
      <Card title={t("lock_closed")} lead={t("closed_why")}>
        <Unlock desk={desk} />
      </Card>
    </Page>
  );
}

function Honesty() {
  return (
    <Card title={t("honest_title")}>
      <ul class="honest">
        <li>{t("honest_remove")}</li>
        <li>{t("honest_clock")}</li>
        <li>{t("honest_code")}</li>
        <li>{t("honest_policy")}</li>
      </ul>
    </Card>
  );
}

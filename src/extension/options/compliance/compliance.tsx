import type { CheckResult } from "../../../core/care.ts";
import type { Moment } from "../../../core/types.ts";
import { t } from "../../browser.ts";
import { useCare } from "../care.ts";
import { ask } from "../console.ts";
import { count, exactTime } from "../format.ts";
import { OWN } from "../life.ts";
import { AuditList } from "../lock/audit-list.tsx";
import { Banner, Card, Notice, Page } from "../parts.tsx";
import { useTask } from "../reports/task.ts";
import type { SettingsDesk } from "../settings.ts";
import { runChecks } from "./checks.ts";
import { Recovery } from "./recovery.tsx";

interface Props {
  isArrival: boolean;
  now: Moment;
  desk: SettingsDesk;
}

/** Whether what was promised is kept, shown by checks that run here and now. */
export function Compliance({ isArrival, now, desk }: Props) {
  const care = useCare();
  const known = care.loaded.value;
  const { busy, failed, run } = useTask<"check">();
  const check = () =>
    run("check", async () => {
      if (!known || !desk.settings) return;
      const { retentionDays } = desk.settings.journal;
      // A backup may have been made since this page was opened.
      const fresh = await ask("care", {});
      const results = await runChecks({ journal: OWN, retentionDays, care: fresh, now: Date.now() });
      await care.change({ checks: { at: Date.now(), results } });
    });
  return (
    <Page title={t("compliance_title")} lead={t("compliance_lead")} isArrival={isArrival}>
      <Notice loaded={care.loaded} />
      <Card title={t("checks_title")} lead={t("checks_lead")}>
        <div class="buttons">
          <button
            type="button"
            class="primary"
            disabled={busy !== undefined || !known || !desk.settings}
            aria-busy={busy !== undefined}
            onClick={check}
            data-testid="run-checks"
          >
            {busy ? t("checks_running") : t("checks_run")}
          </button>
        </div>
        {failed && <Banner text={t("error_load")} detail={failed.message} onRetry={check} />}
        <div role="status">
          {known?.checks ? (
            <Results at={known.checks.at} results={known.checks.results} />
          ) : (
            <p class="quiet-text">{t("checks_never")}</p>
          )}
        </div>
      </Card>
      {known && <Recovery backup={known.backup} now={now} />}
      <AuditList />
    </Page>
  );
}

function Results({ at, results }: { at: Moment; results: readonly CheckResult[] }) {
  return (
    <>
      <ul class="checks">
        {results.map(({ id, isGood, amount }) => (
          <li key={id} data-testid={`check-${id}`} data-good={isGood}>
            <span class="verdict">{isGood ? t("checks_good") : t("checks_bad")}</span>
            <div>
              <strong>{t(`checks_${id}`)}</strong>
              <p>{t(isGood ? `checks_${id}Good` : `checks_${id}Bad`, count(amount))}</p>
            </div>
          </li>
        ))}
      </ul>
      <p class="quiet-text">{t("checks_at", exactTime(at))}</p>
    </>
  );
}

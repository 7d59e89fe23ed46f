import { useMemo, useState } from "preact/hooks";
import { openJournal } from "../../../storage/journal.ts";
import { t } from "../../browser.ts";
import { readLockKey } from "../../lock-key.ts";
import type { Status } from "../../messages.ts";
import type { Reloadable } from "../console.ts";
import { Erase } from "../erase.tsx";
import { Managed } from "../lock/managed.tsx";
import { Notice, Page } from "../parts.tsx";
import type { SettingsDesk } from "../settings.ts";
import type { ShowToast } from "../toast.tsx";
import { Backup } from "./backup.tsx";
import { CheckJournal } from "./check-journal.tsx";
import { CheckReport } from "./check-report.tsx";
import { Keeping } from "./keeping.tsx";
import { type Period, PeriodChoice, periodOf } from "./period.tsx";
import { Save } from "./save.tsx";
import { Share } from "./share.tsx";

interface Props {
  isArrival: boolean;
  status: Reloadable<Status>;
  desk: SettingsDesk;
  showToast: ShowToast;
}

/** Takes the journal out of the browser, proves it, keeps it safe, or puts it out of existence. */
export function Reports({ isArrival, status, desk, showToast }: Props) {
  const journal = useMemo(() => openJournal(undefined, Date.now, readLockKey), []);
  const [period, setPeriod] = useState<Period>({ range: "week", from: "", to: "" });
  const within = () => periodOf(period, Date.now());
  return (
    <Page title={t("reports_title")} lead={t("reports_lead")} isArrival={isArrival}>
      <PeriodChoice period={period} onChange={setPeriod} />
      <Save journal={journal} within={within} showToast={showToast} />
      <Share journal={journal} within={within} showToast={showToast} />
      <CheckJournal journal={journal} />
      <CheckReport />
      <Notice loaded={status} />
      {desk.settings && (
        <Managed paths={["journal.retentionDays", "journal.siteNames", "journal.unrecorded"]}>
          <Keeping wishes={desk.settings.journal} onChange={(journal) => desk.change({ journal })} />
        </Managed>
      )}
      <Backup journal={journal} showToast={showToast} onRestored={status.reload} />
      {status.value && <Erase events={status.value.events} onErased={status.reload} showToast={showToast} />}
    </Page>
  );
}

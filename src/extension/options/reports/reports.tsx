import { useState } from "preact/hooks";
import { t } from "../../browser.ts";
import type { Status } from "../../messages.ts";
import { useCare } from "../care.ts";
import { type Reloadable, useLoaded } from "../console.ts";
import { Erase } from "../erase.tsx";
import { lifeInView, OWN } from "../life.ts";
import { Managed } from "../lock/managed.tsx";
import { InventedBanner } from "../overview/invented-banner.tsx";
import { Notice, Page } from "../parts.tsx";
import { Reminder } from "../reminder.tsx";
import type { SettingsDesk } from "../settings.ts";
import type { ShowToast } from "../toast.tsx";
import { Backup } from "./backup.tsx";
import { CheckJournal } from "./check-journal.tsx";
import { CheckReport } from "./check-report.tsx";
import { Keeping } from "./keeping.tsx";
import { type Period, PeriodChoice, periodOf } from "./period.tsx";
import { Remind } from "./remind.tsx";
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
  const life = useLoaded(lifeInView);
  const journal = life.value?.journal ?? OWN;
  const [period, setPeriod] = useState<Period>({ range: "week", from: "", to: "" });
  const care = useCare();
  const sent = () => void care.change({ reportedAt: Date.now(), laterAt: 0 });
  const within = () => periodOf(period, Date.now());
  return (
    <Page title={t("reports_title")} lead={t("reports_lead")} isArrival={isArrival}>
      <Reminder desk={care} now={Date.now()} isHere />
      {life.value?.isInvented && <InventedBanner onErased={life.reload} />}
      <PeriodChoice period={period} onChange={setPeriod} />
      <Save journal={journal} within={within} showToast={showToast} />
      <Share journal={journal} within={within} showToast={showToast} onSent={sent} />
      <Remind desk={care} />
      <CheckJournal journal={journal} />
      <CheckReport />
      <Notice loaded={status} />
      {desk.settings && (
        <Managed paths={["journal.retentionDays", "journal.siteNames", "journal.unrecorded"]}>
          <Keeping wishes={desk.settings.journal} onChange={(journal) => desk.change({ journal })} />
        </Managed>
      )}
      <Backup
        journal={OWN}
        onMade={(backup) => care.change({ backup })}
        showToast={showToast}
        onRestored={status.reload}
      />
      {status.value && <Erase events={status.value.events} onErased={status.reload} showToast={showToast} />}
    </Page>
  );
}

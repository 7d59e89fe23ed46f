import type { Moment } from "../../core/types.ts";
import { t } from "../browser.ts";
import { Allowlist } from "./allowlist.tsx";
import { Budgets } from "./budgets.tsx";
import type { Reloadable } from "./console.ts";
import { CoverChoice } from "./cover-choice.tsx";
import { DraftCare } from "./draft-care.tsx";
import { HelpSettings } from "./help-settings.tsx";
import { LevelChoice } from "./level-choice.tsx";
import { PageCareCard } from "./page-care.tsx";
import { Banner, Notice, Page } from "./parts.tsx";
import { Pause } from "./pause.tsx";
import { PictureCare } from "./picture-care.tsx";
import type { SettingsDesk } from "./settings.ts";
import type { ShowToast } from "./toast.tsx";

interface Props {
  isArrival: boolean;
  now: Moment;
  status: Reloadable;
  desk: SettingsDesk;
  showToast: ShowToast;
}

/** What the user wants done: the level, a pause, the sites that are exempt. */
export function Protection({ isArrival, now, status, desk, showToast }: Props) {
  const { settings, error, change, retry, dismiss } = desk;
  return (
    <Page title={t("protection_title")} lead={t("protection_lead")} isArrival={isArrival}>
      <Notice loaded={status} />
      {error && <Banner text={t("error_save")} detail={error} onRetry={retry} onDismiss={dismiss} />}
      {settings && (
        <>
          <LevelChoice level={settings.level} onChange={(level) => change({ level })} />
          <CoverChoice cover={settings.cover} isRegional={settings.isRegional} onChange={change} />
          <PictureCare {...settings} onChange={change} />
          <PageCareCard page={settings.page} onChange={(page) => change({ page })} />
          <DraftCare drafts={settings.drafts} quietSites={settings.quietSites} onChange={change} />
          <Pause pausedUntil={settings.pausedUntil} now={now} onChange={(pausedUntil) => change({ pausedUntil })} />
          <Allowlist hosts={settings.allowlist} onChange={(allowlist) => change({ allowlist })} showToast={showToast} />
          <Budgets />
          <HelpSettings showToast={showToast} />
        </>
      )}
    </Page>
  );
}

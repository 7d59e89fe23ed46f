import type { Moment } from "../../core/types.ts";
import { t } from "../browser.ts";
import { Allowlist } from "./allowlist.tsx";
import { Budgets } from "./budgets.tsx";
import type { Reloadable } from "./console.ts";
import { CoverChoice } from "./cover-choice.tsx";
import { DraftCare } from "./draft-care.tsx";
import { HelpSettings } from "./help-settings.tsx";
import { LevelChoice } from "./level-choice.tsx";
import { Managed } from "./lock/managed.tsx";
import { PageCareCard } from "./page-care.tsx";
import { Banner, Notice, Page } from "./parts.tsx";
import { Pause } from "./pause.tsx";
import { PictureCare } from "./picture-care.tsx";
import { Programs } from "./programs.tsx";
import { Schedule } from "./schedule.tsx";
import type { SettingsDesk } from "./settings.ts";
import type { ShowToast } from "./toast.tsx";

const PAGE_CARE = [
  ...["highlights", "neutralises", "markedSites", "openSites"],
  ...["comments.toxicity", "comments.hate", "comments.offensive"],
].map((name) => `page.${name}`);

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
      {error && <Banner text={t("error_save")} reason={error} onRetry={retry} onDismiss={dismiss} />}
      {settings && (
        <>
          <Managed paths={["level"]}>
            <LevelChoice level={settings.level} onChange={(level) => change({ level })} />
          </Managed>
          <Managed paths={["schedule"]}>
            <Schedule rules={settings.schedule} onChange={(schedule) => change({ schedule })} />
          </Managed>
          <Managed paths={["cover", "isRegional"]}>
            <CoverChoice cover={settings.cover} isRegional={settings.isRegional} onChange={change} />
          </Managed>
          <Managed paths={["fallback", "remembers", "rereadsInPrivate", "mayReveal"]}>
            <PictureCare {...settings} onChange={change} />
          </Managed>
          <Managed paths={PAGE_CARE}>
            <PageCareCard page={settings.page} onChange={(page) => change({ page })} />
          </Managed>
          <Managed paths={["drafts.pii", "drafts.secret", "drafts.injection", "quietSites"]}>
            <DraftCare drafts={settings.drafts} quietSites={settings.quietSites} onChange={change} />
          </Managed>
          <Pause pausedUntil={settings.pausedUntil} now={now} onChange={(pausedUntil) => change({ pausedUntil })} />
          <Managed paths={["allowlist"]}>
            <Allowlist
              hosts={settings.allowlist}
              onChange={(allowlist) => change({ allowlist })}
              showToast={showToast}
            />
          </Managed>
          <Budgets />
          <HelpSettings showToast={showToast} />
          <Programs ids={settings.programs} onChange={(programs) => change({ programs })} showToast={showToast} />
        </>
      )}
    </Page>
  );
}

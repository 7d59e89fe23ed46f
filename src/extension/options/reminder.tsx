import { type Care, daysSince, reportDueAt } from "../../core/care.ts";
import type { Moment } from "../../core/types.ts";
import { browser, t } from "../browser.ts";
import type { CareDesk } from "./care.ts";
import { plural } from "./format.ts";

const LATER_MS = 86_400_000;
const REPORTS = "src/extension/options/index.html#/reports";

interface Props {
  desk: CareDesk;
  now: Moment;
  /** This is the page where reports are made. */
  isHere?: boolean;
}

/** Says that a report is due, on every page that has room for it; nothing while none is. */
export function Reminder({ desk, now, isHere = false }: Props) {
  const care = desk.loaded.value;
  const dueAt = care && reportDueAt(care);
  if (!care || typeof dueAt !== "number" || dueAt > now) return null;
  return (
    <div class="notice-bar" role="note" data-testid="report-due">
      <p>
        <strong>{t("remind_due")}</strong> {t("remind_dueLead", sinceOf(care, now))}
      </p>
      <div class="buttons">
        {!isHere && (
          <button type="button" class="primary" onClick={openReports} data-testid="report-now">
            {t("remind_now")}
          </button>
        )}
        <button
          type="button"
          onClick={() => desk.change({ laterAt: Date.now() + LATER_MS })}
          data-testid="report-later"
        >
          {t("remind_later")}
        </button>
      </div>
    </div>
  );
}

function sinceOf({ reportedAt }: Care, now: Moment): string {
  return plural("days", daysSince(reportedAt, now));
}

/** In this tab where it is the options page, else in a new one. */
async function openReports() {
  const address = browser.runtime.getURL(REPORTS);
  if (location.pathname.endsWith("options/index.html")) location.hash = "#/reports";
  else await browser.tabs.create({ url: address }).then(() => window.close());
}

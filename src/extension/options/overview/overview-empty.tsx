import { t } from "../../browser.ts";

/** What will be here, for a reader of whom nothing is known yet. */
export function OverviewEmpty() {
  return (
    <section class="card empty">
      <img src="/icons/icon.svg" alt="" width="72" height="72" data-wardlight="shown" />
      <h2>{t("overview_emptyTitle")}</h2>
      <p class="lead">{t("overview_emptyLead")}</p>
      <ul>
        <li>{t("overview_emptyCounts")}</li>
        <li>{t("overview_emptyPattern")}</li>
        <li>{t("overview_emptyRisk")}</li>
        <li>{t("overview_emptyPrivate")}</li>
      </ul>
    </section>
  );
}

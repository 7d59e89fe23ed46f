import { t } from "../browser.ts";

/** What the journal will hold, for a reader who has seen none yet. */
export function JournalEmpty({ onRefresh, isLoading }: { onRefresh: () => void; isLoading: boolean }) {
  return (
    <section class="card empty">
      <img src="/icons/icon.svg" alt="" width="72" height="72" />
      <h2>{t("empty_title")}</h2>
      <p class="lead">{t("empty_lead")}</p>
      <ul>
        <li>{t("empty_images")}</li>
        <li>{t("empty_text")}</li>
        <li>{t("empty_failures")}</li>
      </ul>
      <button type="button" onClick={onRefresh} disabled={isLoading}>
        {t("refresh")}
      </button>
    </section>
  );
}

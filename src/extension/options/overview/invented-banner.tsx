import { t } from "../../browser.ts";
import { removeInvented } from "../life.ts";

/** Says on every view of it that these days are nobody's, and takes them away. */
export function InventedBanner({ onErased }: { onErased: () => void }) {
  const erase = async () => {
    await removeInvented();
    onErased();
  };
  return (
    <div class="notice-bar" role="note" data-testid="invented">
      <p>
        <strong>{t("invented_title")}</strong> {t("invented_lead")}
      </p>
      <button type="button" onClick={erase} data-testid="erase-invented">
        {t("invented_erase")}
      </button>
    </div>
  );
}

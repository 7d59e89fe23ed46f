import { useState } from "preact/hooks";
import { t } from "../browser.ts";
import { messageOf } from "./console.ts";
import { Banner, Card } from "./parts.tsx";
import type { ShowToast } from "./toast.tsx";

/** Fills the overview with a year of nobody's life, so that all of it can be seen at once. */
export function Developer({ showToast }: { showToast: ShowToast }) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const load = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { loadInventedLife } = await import("./overview/invent.ts");
      await loadInventedLife();
      showToast({ text: t("developer_loaded") });
      location.hash = "#/overview";
    } catch (thrown) {
      setError(messageOf(thrown));
    }
    setBusy(false);
  };
  return (
    <Card title={t("developer_title")} lead={t("developer_lead")}>
      {error && <Banner text={t("error_load")} detail={error} onRetry={load} />}
      <div class="buttons">
        <button type="button" onClick={load} disabled={isBusy} aria-busy={isBusy} data-testid="load-invented">
          {t("developer_load")}
        </button>
      </div>
    </Card>
  );
}

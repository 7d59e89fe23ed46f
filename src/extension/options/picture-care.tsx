import type { Settings } from "../../core/policy.ts";
import { t } from "../browser.ts";
import { Card } from "./parts.tsx";

type Choice = Pick<Settings, "fallback" | "remembers">;

/** What happens where no network can be loaded, and whether verdicts on pictures outlive the visit. */
export function PictureCare({
  fallback,
  remembers,
  onChange,
}: Choice & { onChange: (change: Partial<Choice>) => void }) {
  return (
    <Card title={t("care_title")}>
      <label class="switch">
        <input
          type="checkbox"
          name="remembers"
          checked={remembers}
          onChange={({ currentTarget }) => onChange({ remembers: currentTarget.checked })}
        />
        <span>
          <strong>{t("care_remembers")}</strong>
          <span class="lead">{t("care_remembersLead")}</span>
        </span>
      </label>
      <label class="switch">
        <input
          type="checkbox"
          name="fallback"
          checked={fallback === "heuristic"}
          onChange={({ currentTarget }) => onChange({ fallback: currentTarget.checked ? "heuristic" : "hide" })}
        />
        <span>
          <strong>{t("care_heuristic")}</strong>
          <span class="lead">{t("care_heuristicLead")}</span>
        </span>
      </label>
    </Card>
  );
}

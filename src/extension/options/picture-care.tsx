import type { Settings } from "../../core/policy.ts";
import { t } from "../browser.ts";
import { Card } from "./parts.tsx";

type Choice = Pick<Settings, "fallback" | "remembers" | "rereadsInPrivate" | "mayReveal">;

/** Whether a click shows a picture, whether verdicts outlive the visit, what may be read in private windows, and what decides without a network. */
export function PictureCare({
  fallback,
  remembers,
  rereadsInPrivate,
  mayReveal,
  onChange,
}: Choice & { onChange: (change: Partial<Choice>) => void }) {
  return (
    <Card title={t("care_title")}>
      <label class="switch">
        <input
          type="checkbox"
          name="mayReveal"
          checked={mayReveal}
          onChange={({ currentTarget }) => onChange({ mayReveal: currentTarget.checked })}
        />
        <span>
          <strong>{t("care_reveal")}</strong>
          <span class="lead">{t("care_revealLead")}</span>
        </span>
      </label>
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
          name="rereadsInPrivate"
          checked={rereadsInPrivate}
          onChange={({ currentTarget }) => onChange({ rereadsInPrivate: currentTarget.checked })}
        />
        <span>
          <strong>{t("care_rereads")}</strong>
          <span class="lead">{t("care_rereadsLead")}</span>
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

import { useState } from "preact/hooks";
import { type JournalSettings, RETENTIONS } from "../../../core/journal-settings.ts";
import { t } from "../../browser.ts";
import { readHost } from "../host-entry.ts";
import { Card } from "../parts.tsx";

interface Props {
  wishes: JournalSettings;
  onChange: (wishes: JournalSettings) => void;
}

/** What the journal writes down, and for how long. */
export function Keeping({ wishes, onChange }: Props) {
  const { retentionDays, siteNames, unrecorded } = wishes;
  const [typed, setTyped] = useState(unrecorded.join("\n"));
  const [odd, setOdd] = useState<string>();
  const saveHosts = () => {
    const lines = typed.split("\n").filter((line) => line.trim() !== "");
    const entries = lines.map((line) => readHost(line, []));
    const wrong = lines.find((_, i) => entries[i]?.kind !== "host");
    setOdd(wrong);
    if (wrong !== undefined) return;
    const hosts = entries.flatMap((entry) => (entry.kind === "host" ? [entry.host] : []));
    onChange({ ...wishes, unrecorded: [...new Set(hosts)].sort() });
  };
  return (
    <Card title={t("keeping_title")}>
      <label class="keep">
        <span>{t("keeping_retention")}</span>
        <select
          value={String(retentionDays)}
          onChange={({ currentTarget }) => onChange({ ...wishes, retentionDays: Number(currentTarget.value) })}
        >
          {[...new Set([...RETENTIONS, retentionDays])]
            .sort((a, b) => a - b)
            .map((days) => (
              <option key={days} value={String(days)}>
                {t("keeping_days", days)}
              </option>
            ))}
        </select>
      </label>
      <label class="switch">
        <input
          type="checkbox"
          name="hashed"
          checked={siteNames === "hashed"}
          onChange={({ currentTarget }) =>
            onChange({ ...wishes, siteNames: currentTarget.checked ? "hashed" : "plain" })
          }
        />
        <span>
          <strong>{t("keeping_hashed")}</strong>
          <span class="lead">{t("keeping_hashedLead")}</span>
        </span>
      </label>
      <label class="stacked">
        <span>{t("keeping_unrecorded")}</span>
        <textarea
          rows={3}
          value={typed}
          spellcheck={false}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          onBlur={saveHosts}
        />
      </label>
      {odd !== undefined && (
        <p class="problem" role="alert">
          {t("keeping_odd", odd)}
        </p>
      )}
    </Card>
  );
}

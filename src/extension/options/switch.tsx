import { t } from "../browser.ts";

/** On or off, at the end of a row. */
export function Switch({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label class="row-end switch">
      <input
        type="checkbox"
        checked={isOn}
        aria-label={label}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span aria-hidden="true">{t("lists_on")}</span>
    </label>
  );
}

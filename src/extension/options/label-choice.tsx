import { LABEL_QUESTIONS, PAGE_LABELS, type PageLabel } from "../../core/page-labels.ts";
import { t } from "../browser.ts";
import { labelName } from "./label-words.ts";

interface Props {
  chosen: readonly PageLabel[];
  onChange: (chosen: readonly PageLabel[]) => void;
}

/** What a page may be about, ask for, and sound like. */
export function LabelChoice({ chosen, onChange }: Props) {
  const toggle = (label: PageLabel) =>
    onChange(chosen.includes(label) ? chosen.filter((one) => one !== label) : [...chosen, label]);
  return (
    <>
      <p class="quiet-text">{t("schedule_closesLead")}</p>
      {LABEL_QUESTIONS.map((question) => (
        <fieldset class="parts" key={question}>
          <legend>{t(`labels_${question}`)}</legend>
          {PAGE_LABELS[question].map((name) => {
            const label = `${question}/${name}`;
            return (
              <label key={label}>
                <input type="checkbox" value={label} checked={chosen.includes(label)} onChange={() => toggle(label)} />
                {labelName(label)}
              </label>
            );
          })}
        </fieldset>
      ))}
    </>
  );
}

import { COVERS, type Cover } from "../../core/types.ts";
import { t } from "../browser.ts";
import { layMosaic } from "../content/mosaic.ts";
import { Card } from "./parts.tsx";

interface Props {
  cover: Cover;
  isRegional: boolean;
  onChange: (change: { cover: Cover } | { isRegional: boolean }) => void;
}

/** How withheld pictures look, each shown as a page would: by the content script's own style sheets. */
export function CoverChoice({ cover, isRegional, onChange }: Props) {
  return (
    <Card title={t("cover_title")} lead={t("cover_lead")}>
      <fieldset class="covers">
        <legend class="sr">{t("cover_title")}</legend>
        {COVERS.map((name) => (
          <label key={name} class="cover">
            <Preview cover={name} />
            <input
              type="radio"
              name="cover"
              value={name}
              checked={name === cover}
              onChange={() => onChange({ cover: name })}
            />
            <strong>{t(`cover_${name}`)}</strong>
            <span class="lead">{t(`cover_${name}Lead`)}</span>
          </label>
        ))}
      </fieldset>
      <label class="switch">
        <input
          type="checkbox"
          checked={isRegional}
          onChange={({ currentTarget }) => onChange({ isRegional: currentTarget.checked })}
        />
        <span>
          <strong>{t("cover_regional")}</strong>
          <span class="lead">{t("cover_regionalLead")}</span>
        </span>
      </label>
    </Card>
  );
}

function Preview({ cover }: { cover: Cover }) {
  const mark = cover === "card" ? "hide" : cover;
  return (
    <span class="preview" aria-hidden="true">
      <img
        src="/test-card/control.png"
        alt=""
        data-wardlight={mark}
        onLoad={(event) => layMosaic(event.currentTarget)}
      />
    </span>
  );
}

import { LEVELS, type Level } from "../../core/policy.ts";
import { ACTION_KINDS } from "../../core/types.ts";
import { t } from "../browser.ts";
import { score as scoreText } from "./format.ts";
import { failureActions, ownLimits, SHARED_LIMITS } from "./limits.ts";
import { Card } from "./parts.tsx";

/** The three levels side by side, each with the limits that it stands for. */
export function LevelChoice({ level, onChange }: { level: Level; onChange: (level: Level) => void }) {
  return (
    <Card title={t("level_title")}>
      <fieldset class="levels">
        <legend class="sr">{t("level_title")}</legend>
        {LEVELS.map((name) => (
          <label key={name} class="level">
            <input type="radio" name="level" value={name} checked={name === level} onChange={() => onChange(name)} />
            <strong>{t(`level_${name}`)}</strong>
            <span class="lead">{t(`level_${name}Lead`)}</span>
            <Limits level={name} />
          </label>
        ))}
      </fieldset>
      <Everywhere />
    </Card>
  );
}

function Limits({ level }: { level: Level }) {
  return (
    <span class="limits">
      {ownLimits(level).map(({ category, action, score }) => (
        <span key={`${category} ${action}`}>
          <span>{t(`category_${category}`)}</span>
          <span class="limit-value">{t("limit_from", t(`action_${action}`), scoreText(score))}</span>
        </span>
      ))}
    </span>
  );
}

/** What no level changes. */
function Everywhere() {
  const groups = ACTION_KINDS.map((action) => {
    const shared = SHARED_LIMITS.filter((limit) => limit.action === action);
    return { action, names: shared.map(({ category }) => t(`category_${category}`)) };
  });
  return (
    <dl class="everywhere">
      <div>
        <dt>{t("limits_always")}</dt>
        {groups.map(
          ({ action, names }) =>
            names.length > 0 && <dd key={action}>{t("pair", t(`action_${action}`), names.join(" · "))}</dd>,
        )}
      </div>
      <div>
        <dt>{t("limits_failure")}</dt>
        <dd>
          {failureActions()
            .map(([kind, action]) => t("pair", t(`subject_${kind}`), t(`action_${action}`)))
            .join(" · ")}
        </dd>
      </div>
    </dl>
  );
}

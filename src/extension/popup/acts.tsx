import { t } from "../browser.ts";
import type { PageAct } from "../messages.ts";
import { exactTime, score as scoreText, timeOfDay } from "../options/format.ts";
import { Icon } from "../options/icons.tsx";
import { Scroller } from "../options/scroller.tsx";

/** What was done to the page and why, newest first. */
export function Acts({ acts }: { acts: readonly PageAct[] }) {
  if (acts.length === 0) return <p class="none">{t("popup_none")}</p>;
  return (
    <section>
      <h2>{t("popup_acts")}</h2>
      <Scroller class="acts" label={t("popup_acts")}>
        <ul>
          {acts.map((act) => (
            <Act key={`${act.at} ${act.label}`} act={act} />
          ))}
        </ul>
      </Scroller>
    </section>
  );
}

function Act({ act: { at, subject, label, kind, category, reason, score } }: { act: PageAct }) {
  return (
    <li data-testid="act" data-category={category} data-action={kind}>
      <span class="act-head">
        <span class="action" data-action={kind}>
          {t(`action_${kind}`)}
        </span>
        <span class="chip" data-failed={reason === "failure"}>
          {t(`category_${category}`)}
        </span>
        {category !== "unknown" && (
          <span class="score-cell">
            {t("detail_score")} {scoreText(score)}
          </span>
        )}
      </span>
      <span class="label">
        <Icon name={subject} />
        <span class="sr">{t(`subject_${subject}`)}: </span>
        <bdi title={label}>{label}</bdi>
      </span>
      <span class="why">
        <span>{t(`decided_${reason}`)}</span>
        <time class="time" dateTime={new Date(at).toISOString()} title={exactTime(at)}>
          {timeOfDay(at)}
        </time>
      </span>
    </li>
  );
}

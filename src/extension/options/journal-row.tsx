import { useState } from "preact/hooks";
import type { TallyEvent, VerdictEvent } from "../../core/report/journal.ts";
import { t } from "../browser.ts";
import { exactTime, milliseconds, plural, timeOfDay } from "./format.ts";
import { Icon } from "./icons.tsx";
import { JournalDetail } from "./journal-detail.tsx";
import { ScoreBar } from "./parts.tsx";

/** One verdict: a line that opens into its evidence. */
export function VerdictRow({ event }: { event: VerdictEvent }) {
  const { category, action, site, score, latencyMs, subject, failure } = event;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li class="row" data-testid="event" data-category={category} data-action={action} data-subject={subject}>
      <details onToggle={(toggled) => setIsOpen(toggled.currentTarget.open)}>
        <summary>
          <Time at={event.at} />
          <span class="action" data-action={action}>
            {t(`action_${action}`)}
          </span>
          <span class="what">
            <span class="label">
              <Icon name={subject} />
              <span class="sr">{t(`subject_${subject}`)}: </span>
              <bdi>{briefly(event)}</bdi>
            </span>
            <bdi class="site">{site}</bdi>
          </span>
          <span class="chip" data-failed={failure !== undefined}>
            {t(`category_${category}`)}
          </span>
          <span class="score-cell">
            <span class="sr">{t("detail_score")} </span>
            {category === "unknown" ? t("score_none") : <ScoreBar score={score} isStrong={action !== "allow"} />}
          </span>
          <span class="latency">{milliseconds(latencyMs)}</span>
        </summary>
        {isOpen && <JournalDetail event={event} />}
      </details>
    </li>
  );
}

/** An address needs neither its scheme nor, on its own site, its host: what sets it apart is at its end. */
function briefly({ label, site }: VerdictEvent): string {
  const bare = label.replace(/^https?:\/\//, "");
  const path = bare.startsWith(`${site}/`) ? bare.slice(site.length) : bare;
  return path === "/" ? site : path;
}

/** Harmless text, in one quiet line. */
export function TallyRow({ event: { at, site, subject, allowed } }: { event: TallyEvent }) {
  return (
    <li class="row tally" data-testid="tally">
      <Time at={at} />
      <span>
        <bdi>{site}</bdi> · {plural(`tally_${subject}`, allowed)}
      </span>
    </li>
  );
}

function Time({ at }: { at: number }) {
  return (
    <time class="time" dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {timeOfDay(at)}
    </time>
  );
}

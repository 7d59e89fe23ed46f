import type { Streak } from "../../../core/analytics/usage.ts";
import { t } from "../../browser.ts";
import { count, plural } from "../format.ts";
import type { Overview } from "./compute.ts";
import { duration } from "./words.ts";

/** The numbers of today and of the week beside those of the week before, and the days without an encounter. */
export function Numbers({ overview }: { overview: Overview }) {
  const { today, week, weekBefore, streak, history } = overview;
  const hasBefore = history.firstDay <= history.today - 13;
  return (
    <dl class="numbers">
      <Figure
        name={t("number_today")}
        value={count(today.attempts)}
        note={t("number_todayNote", count(today.judged))}
      />
      <Figure
        name={t("number_week")}
        value={count(week.attempts)}
        note={hasBefore ? t("number_before", count(weekBefore.attempts)) : t("number_noBefore")}
      />
      <Figure
        name={t("number_active")}
        value={duration(week.activeMs)}
        note={plural("number_sessions", week.sessions)}
      />
      <Clear streak={streak} />
    </dl>
  );
}

function Clear({ streak: { clear, outOf, current, longest } }: { streak: Streak }) {
  const note = longest > 0 ? t("number_streak", plural("days", current), plural("days", longest)) : "";
  return <Figure name={t("number_clear")} value={t("number_outOf", count(clear), count(outOf))} note={note} />;
}

function Figure({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        <span class="quiet-text">{note}</span>
      </dd>
    </div>
  );
}

import type { TargetedSubmitEvent } from "preact";
import { useState } from "preact/hooks";
import type { PageLabel } from "../../core/page-labels.ts";
import { LEVELS, type Level } from "../../core/policy.ts";
import { type Hours, isClosing, MAX_RULES, type ScheduleRule } from "../../core/schedule.ts";
import { t } from "../browser.ts";
import { Icon } from "./icons.tsx";
import { LabelChoice } from "./label-choice.tsx";
import { labelName } from "./label-words.ts";
import { daysText, WEEK } from "./lock/words.ts";
import { timeAt, weekday } from "./overview/words.ts";
import { Card } from "./parts.tsx";

interface Props {
  rules: readonly ScheduleRule[];
  onChange: (rules: readonly ScheduleRule[]) => void;
}

const NIGHT: Hours = { days: [0, 1, 2, 3, 4, 5, 6], from: 1_320, to: 360 };

const CLOSES = "closes";

/** What holds in the hours of a rule. */
function saidOf(rule: ScheduleRule): string {
  return isClosing(rule) ? t("schedule_closed", rule.closes.map(labelName).join(", ")) : t(`level_${rule.level}`);
}

/** Hours at which the level is at least another one, such as a strict night, or at which pages of some kinds are closed. */
export function Schedule({ rules, onChange }: Props) {
  return (
    <Card title={t("schedule_title")} lead={t("schedule_lead")}>
      {rules.length === 0 && <p class="quiet-text">{t("schedule_empty")}</p>}
      <ul class="rows ends">
        {rules.map((rule) => (
          <li key={JSON.stringify(rule)} data-testid="schedule-rule">
            <span>
              <strong>{saidOf(rule)}</strong> {t("schedule_hours", timeAt(rule.from / 60), timeAt(rule.to / 60))}
              <span class="lead">{daysText(rule.days)}</span>
            </span>
            <button
              type="button"
              class="bare row-end"
              onClick={() => onChange(rules.filter((other) => other !== rule))}
              aria-label={t("schedule_remove")}
              title={t("schedule_remove")}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      {rules.length < MAX_RULES && <NewRule onAdd={(rule) => onChange([...rules, rule])} />}
    </Card>
  );
}

function NewRule({ onAdd }: { onAdd: (rule: ScheduleRule) => void }) {
  const [rule, setRule] = useState(NIGHT);
  const [does, setDoes] = useState<Level | typeof CLOSES>("strict");
  const [closes, setCloses] = useState<readonly PageLabel[]>([]);
  const isComplete = rule.days.length > 0 && (does !== CLOSES || closes.length > 0);
  const toggle = (day: number) =>
    setRule({ ...rule, days: WEEK.filter((one) => (one === day) !== rule.days.includes(one)).sort((a, b) => a - b) });
  const add = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onAdd(does === CLOSES ? { ...rule, closes } : { ...rule, level: does });
  };
  return (
    <form class="new-rule" onSubmit={add}>
      <fieldset class="parts">
        <legend>{t("schedule_days")}</legend>
        {WEEK.map((day) => (
          <label key={day}>
            <input type="checkbox" checked={rule.days.includes(day)} onChange={() => toggle(day)} />
            {weekday(day, "short")}
          </label>
        ))}
      </fieldset>
      <div class="keep">
        <Clock label={t("schedule_from")} minute={rule.from} onChange={(from) => setRule({ ...rule, from })} />
        <Clock label={t("schedule_to")} minute={rule.to} onChange={(to) => setRule({ ...rule, to })} />
        <label>
          <span>{t("schedule_does")}</span>{" "}
          <select
            data-testid="rule-does"
            value={does}
            onChange={({ currentTarget }) => setDoes(currentTarget.value as Level | typeof CLOSES)}
          >
            {LEVELS.map((level) => (
              <option key={level} value={level}>
                {t("schedule_atLeast", t(`level_${level}`))}
              </option>
            ))}
            <option value={CLOSES}>{t("schedule_closes")}</option>
          </select>
        </label>
      </div>
      {does === CLOSES && <LabelChoice chosen={closes} onChange={setCloses} />}
      <button type="submit" disabled={!isComplete} data-testid="add-rule">
        {t("schedule_add")}
      </button>
    </form>
  );
}

function Clock({ label, minute, onChange }: { label: string; minute: number; onChange: (minute: number) => void }) {
  const two = (value: number) => String(value).padStart(2, "0");
  const read = (text: string) => {
    const [hours = Number.NaN, minutes = Number.NaN] = text.split(":").map(Number);
    if (Number.isInteger(hours) && Number.isInteger(minutes)) onChange(hours * 60 + minutes);
  };
  return (
    <label>
      <span>{label}</span>{" "}
      <input
        type="time"
        value={`${two(Math.floor(minute / 60))}:${two(minute % 60)}`}
        onInput={({ currentTarget }) => read(currentTarget.value)}
      />
    </label>
  );
}

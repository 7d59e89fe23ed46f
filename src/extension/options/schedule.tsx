import type { TargetedSubmitEvent } from "preact";
import { useState } from "preact/hooks";
import { LEVELS, type Level } from "../../core/policy.ts";
import { MAX_RULES, type ScheduleRule } from "../../core/schedule.ts";
import { t } from "../browser.ts";
import { Icon } from "./icons.tsx";
import { daysText, WEEK } from "./lock/words.ts";
import { timeAt, weekday } from "./overview/words.ts";
import { Card } from "./parts.tsx";

interface Props {
  rules: readonly ScheduleRule[];
  onChange: (rules: readonly ScheduleRule[]) => void;
}

const NIGHT = { days: [0, 1, 2, 3, 4, 5, 6], from: 1_320, to: 360, level: "strict" } as const;

/** Hours at which the level is at least another one, such as a strict night. */
export function Schedule({ rules, onChange }: Props) {
  return (
    <Card title={t("schedule_title")} lead={t("schedule_lead")}>
      {rules.length === 0 && <p class="quiet-text">{t("schedule_empty")}</p>}
      <ul class="rows ends">
        {rules.map((rule) => (
          <li key={JSON.stringify(rule)} data-testid="schedule-rule">
            <span>
              <strong>{t(`level_${rule.level}`)}</strong>{" "}
              {t("schedule_hours", timeAt(rule.from / 60), timeAt(rule.to / 60))}
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
  const [rule, setRule] = useState<ScheduleRule>(NIGHT);
  const toggle = (day: number) =>
    setRule({ ...rule, days: WEEK.filter((one) => (one === day) !== rule.days.includes(one)).sort((a, b) => a - b) });
  const add = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onAdd(rule);
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
          <span>{t("schedule_level")}</span>{" "}
          <select
            value={rule.level}
            onChange={({ currentTarget }) => setRule({ ...rule, level: currentTarget.value as Level })}
          >
            {LEVELS.map((level) => (
              <option key={level} value={level}>
                {t(`level_${level}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" disabled={rule.days.length === 0} data-testid="add-rule">
          {t("schedule_add")}
        </button>
      </div>
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

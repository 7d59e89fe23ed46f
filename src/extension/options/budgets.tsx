import { BUDGETED, type Budgets as Limits } from "../../core/analytics/budget.ts";
import type { DayTally } from "../../core/analytics/day.ts";
import type { HostClass } from "../../core/analytics/host-class.ts";
import { localClock } from "../../core/analytics/local-time.ts";
import { t } from "../browser.ts";
import { ask, useLoaded } from "./console.ts";
import { duration } from "./overview/words.ts";
import { Card, Notice } from "./parts.tsx";
import { useWishes } from "./wishes.ts";

const MINUTES = [15, 30, 45, 60, 90, 120, 180] as const;
const MINUTE_MS = 60_000;

async function loadToday(): Promise<{ readonly row: DayTally | undefined }> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const { day } = localClock(timeZone)(Date.now());
  return { row: (await ask("overview", { since: day })).days[0] };
}

/** Minutes a day for kinds of sites; what is used up is stopped when it is opened the next time. */
export function Budgets() {
  const { loaded, change } = useWishes();
  const today = useLoaded(loadToday);
  const { value: wishes } = loaded;
  return (
    <Card title={t("budgets_title")} lead={t("budgets_lead")}>
      <Notice loaded={loaded} />
      {wishes && (
        <ul class="budgets">
          {BUDGETED.map((name) => (
            <Budget
              key={name}
              name={name}
              minutes={wishes.budgets[name]}
              spentMs={today.value?.row?.activeByClass[name] ?? 0}
              onChange={(minutes) => change({ budgets: withBudget(wishes.budgets, name, minutes) })}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

interface BudgetProps {
  name: HostClass;
  minutes: number | undefined;
  spentMs: number;
  onChange: (minutes: number | undefined) => void;
}

function Budget({ name, minutes, spentMs, onChange }: BudgetProps) {
  return (
    <li>
      <label for={`budget-${name}`}>{t(`class_${name as Exclude<HostClass, "unsorted">}`)}</label>
      <span class="quiet-text">{t("budgets_today", duration(spentMs))}</span>
      <select
        id={`budget-${name}`}
        value={minutes ?? ""}
        onChange={(event) => onChange(Number(event.currentTarget.value) || undefined)}
      >
        <option value="">{t("budgets_none")}</option>
        {MINUTES.map((choice) => (
          <option key={choice} value={choice}>
            {duration(choice * MINUTE_MS)}
          </option>
        ))}
      </select>
    </li>
  );
}

function withBudget(budgets: Limits, name: HostClass, minutes: number | undefined): Limits {
  const { [name]: _, ...others } = budgets;
  return minutes === undefined ? others : { ...others, [name]: minutes };
}

import type { Risk } from "../../../core/analytics/relapse.ts";
import { t } from "../../browser.ts";
import { count } from "../format.ts";
import { Card } from "../parts.tsx";

/** Where so much is known that the person's own days speak. */
const MANY_DAYS = 14;

/** The model knows only persons who have met something: of others it has nothing to say. */
export function NoRisk() {
  return (
    <Card title={t("risk_title")} lead={t("risk_lead")}>
      <p>{t("risk_nothing")}</p>
    </Card>
  );
}

/** The next 24 hours: a score, how sure it is, and what it is made of. */
export function RiskCard({ risk }: { risk: Risk }) {
  const { score, low, high, base, reasons, daysKnown } = risk;
  const told = reasons.filter(({ points }) => points !== 0);
  const most = Math.max(1, ...told.map(({ points }) => Math.abs(points)));
  return (
    <Card title={t("risk_title")} lead={t("risk_lead")}>
      <p class="risk-score" data-testid="risk">
        <strong>{count(score)}</strong> <span>{t("risk_of")}</span>
        <span class="quiet-text">{t("risk_between", count(low), count(high))}</span>
      </p>
      <div class="risk-track" aria-hidden="true">
        <span class="risk-range" style={{ left: `${low}%`, width: `${Math.max(1, high - low)}%` }} />
        <span class="risk-mark" style={{ left: `${score}%` }} />
      </div>
      {daysKnown < MANY_DAYS && <p class="quiet-text">{t("risk_little", count(daysKnown))}</p>}
      <h3>{t("risk_why")}</h3>
      <ul class="reasons">
        <li>
          <span>{t("risk_base")}</span>
          <span class="points">{count(base)}</span>
        </li>
        {told.map(({ name, points }) => (
          <li key={name} data-testid="reason">
            <span>{t(`risk_${name}`)}</span>
            <span class={points > 0 ? "push up" : "push down"} aria-hidden="true">
              <span style={{ width: `${(50 * Math.abs(points)) / most}%` }} />
            </span>
            <span class="points">{signed(points)}</span>
          </li>
        ))}
        <li class="sum">
          <span>{t("risk_sum")}</span>
          <span class="points">{count(score)}</span>
        </li>
      </ul>
      <p class="quiet-text">{t("risk_plain")}</p>
    </Card>
  );
}

function signed(points: number): string {
  return `${points > 0 ? "+" : "−"}${count(Math.abs(points))}`;
}

import type { Moment } from "../../core/types.ts";
import { t } from "../browser.ts";
import { soon } from "./format.ts";
import { Card } from "./parts.tsx";

const MINUTE_MS = 60_000;
const SPANS = [
  ["pause_quarter", 15 * MINUTE_MS],
  ["pause_hour", 60 * MINUTE_MS],
  ["pause_day", 24 * 60 * MINUTE_MS],
] as const;

interface Props {
  pausedUntil: Moment | null;
  now: Moment;
  onChange: (pausedUntil: Moment | null) => void;
}

/** Lets the guard rest for a while; it always comes back by itself. */
export function Pause({ pausedUntil, now, onChange }: Props) {
  const isPaused = pausedUntil !== null && pausedUntil > now;
  return (
    <Card title={t("pause_title")} lead={t("pause_lead")}>
      <p class="pause-state" role="status">
        {isPaused && <strong>{t("pause_until", soon(pausedUntil, now))}</strong>}
      </p>
      <div class="buttons">
        {isPaused && (
          <button type="button" class="primary" onClick={() => onChange(null)}>
            {t("pause_resume")}
          </button>
        )}
        {SPANS.map(([key, ms]) => (
          <button key={key} type="button" onClick={() => onChange(Date.now() + ms)}>
            {t(key)}
          </button>
        ))}
      </div>
    </Card>
  );
}

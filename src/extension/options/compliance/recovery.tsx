import { type BackupFact, daysSince } from "../../../core/care.ts";
import type { Moment } from "../../../core/types.ts";
import { t } from "../../browser.ts";
import { count, exactTime, fileSize, plural, seconds } from "../format.ts";
import { Card } from "../parts.tsx";

/** What a lost device would cost: up to where everything can be had back, and how long that takes. */
export function Recovery({ backup, now }: { backup: BackupFact | null; now: Moment }) {
  return (
    <Card title={t("recovery_title")} lead={t("recovery_lead")}>
      {backup ? (
        <dl class="recovery" data-testid="recovery">
          <div>
            <dt>{t("recovery_point")}</dt>
            <dd>{t("recovery_pointAt", exactTime(backup.at), plural("days", daysSince(backup.at, now)))}</dd>
          </div>
          <div>
            <dt>{t("recovery_time")}</dt>
            <dd>{t("recovery_timeOf", seconds(backup.restoreMs), count(backup.entries), fileSize(backup.bytes))}</dd>
          </div>
        </dl>
      ) : (
        <p>{t("recovery_none")}</p>
      )}
      <div class="buttons">
        <a href="#/reports" class="button">
          {t("recovery_make")}
        </a>
      </div>
    </Card>
  );
}

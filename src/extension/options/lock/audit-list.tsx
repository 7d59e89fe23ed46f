import { useCallback, useState } from "preact/hooks";
import { t } from "../../browser.ts";
import type { AuditRow } from "../../lock-messages.ts";
import { ask, useLoaded } from "../console.ts";
import { Card, Notice } from "../parts.tsx";
import { momentOf, sayAudit } from "./words.ts";

const PAGE_SIZE = 25;

/** Every change of settings, models, lists and the lock that the journal has, newest first. */
export function AuditList() {
  const [limit, setLimit] = useState(PAGE_SIZE);
  const load = useCallback(() => ask("changes", { limit }), [limit]);
  const loaded = useLoaded(load);
  const { value: rows } = loaded;
  return (
    <Card title={t("audit_title")} lead={t("audit_lead")}>
      <Notice loaded={loaded} />
      {rows?.length === 0 && <p class="quiet-text">{t("audit_empty")}</p>}
      {rows && rows.length > 0 && (
        <ol class="audit">
          {rows.map((row) => (
            <Row key={row.n} row={row} />
          ))}
        </ol>
      )}
      {rows && rows.length >= limit && (
        <div class="buttons">
          <button type="button" onClick={() => setLimit(limit + PAGE_SIZE)}>
            {t("journal_more")}
          </button>
        </div>
      )}
    </Card>
  );
}

function Row({ row: { n, at, changes } }: { row: AuditRow }) {
  return (
    <li data-testid="audit">
      <time class="time" dateTime={new Date(at).toISOString()}>
        {momentOf(at)}
      </time>
      <ul>
        {changes.map((change) => {
          const { subject, change: became } = sayAudit(change);
          return (
            <li key={`${n} ${change.about} ${change.what}`}>
              <strong>
                <bdi>{subject}</bdi>
              </strong>{" "}
              <bdi>{became}</bdi>
            </li>
          );
        })}
      </ul>
    </li>
  );
}

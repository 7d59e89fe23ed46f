import { t } from "../../browser.ts";
import { count } from "../format.ts";
import { Card } from "../parts.tsx";
import type { HelpRecord } from "./compute.ts";

/** What was offered in the moment, and how often nothing followed for an hour. */
export function HelpCard({ helps }: { helps: readonly HelpRecord[] }) {
  return (
    <Card title={t("helped_title")} lead={t("helped_lead")}>
      <ul class="rows">
        {helps.map(({ kind, offered, worked }) => (
          <li key={kind} class="row-head">
            <strong>{t(`help_${kind}`)}</strong>
            <span class="quiet-text row-end">{t("helped_count", count(worked), count(offered))}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

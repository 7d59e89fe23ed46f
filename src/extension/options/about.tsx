import { t } from "../browser.ts";
import type { Status } from "../messages.ts";
import type { Reloadable } from "./console.ts";
import { Developer } from "./developer.tsx";
import { count, isoDate } from "./format.ts";
import { Card, Notice, Page } from "./parts.tsx";
import type { ShowToast } from "./toast.tsx";

interface Props {
  isArrival: boolean;
  status: Reloadable<Status>;
  showToast: ShowToast;
}

/** What stands behind the verdicts, and what it promises. */
export function About({ isArrival, status, showToast }: Props) {
  return (
    <Page title={t("about_title")} lead={t("about_lead")} isArrival={isArrival}>
      <section class="card promise">
        <h2>{t("about_private")}</h2>
        <p>{t("about_privateLead")}</p>
      </section>
      <Notice loaded={status} />
      {status.value && <Lists lists={status.value.lists} />}
      <Card title={t("about_scores")} lead={t("about_scoresLead")} />
      <Card title={t("about_licence")} lead={t("about_licenceLead")} />
      <Developer showToast={showToast} />
    </Page>
  );
}

function Lists({ lists }: Pick<Status, "lists">) {
  return (
    <Card title={t("about_lists")}>
      {lists.length === 0 && <p class="quiet-text">{t("about_noLists")}</p>}
      <ul class="rows">
        {lists.map(({ id, count: hosts, updated }) => (
          <li key={id} class="row-head" data-testid="list">
            <strong>{id}</strong>
            <span class="quiet-text row-end">{t("list_hosts", count(hosts), isoDate(updated))}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

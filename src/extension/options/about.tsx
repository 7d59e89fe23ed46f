import { t } from "../browser.ts";
import type { ModelState, Status } from "../messages.ts";
import type { Reloadable } from "./console.ts";
import { count, isoDate } from "./format.ts";
import { Graphics } from "./graphics.tsx";
import { Card, Notice, Page } from "./parts.tsx";

/** What stands behind the verdicts, and what it promises. */
export function About({ isArrival, status }: { isArrival: boolean; status: Reloadable<Status> }) {
  return (
    <Page title={t("about_title")} lead={t("about_lead")} isArrival={isArrival}>
      <section class="card promise">
        <h2>{t("about_private")}</h2>
        <p>{t("about_privateLead")}</p>
      </section>
      <Notice loaded={status} />
      {status.value && <Models judge={status.value.judge} />}
      {status.value && <Graphics models={status.value.judge.models} />}
      {status.value && <Lists lists={status.value.lists} />}
      <Card title={t("about_scores")} lead={t("about_scoresLead")} />
      <Card title={t("about_licence")} lead={t("about_licenceLead")} />
    </Page>
  );
}

function Models({ judge: { models, judged } }: { judge: Status["judge"] }) {
  return (
    <Card title={t("about_models")}>
      {models.length === 0 ? (
        <p class="quiet-text">{t("about_noModels")}</p>
      ) : (
        <ul class="rows">
          {models.map((model) => (
            <Model key={model.id} model={model} />
          ))}
        </ul>
      )}
      <p class="quiet-text">{t("about_judged", count(judged))}</p>
    </Card>
  );
}

function Model({ model: { id, state, failure, provider } }: { model: ModelState }) {
  const [name, version] = id.split("@");
  return (
    <li data-testid="model" data-state={state} data-provider={provider}>
      <div class="row-head">
        <strong>{name}</strong>
        {version && <span class="quiet-text">{t("about_version", version)}</span>}
        {provider && <span class="quiet-text">{t(`provider_${provider}`)}</span>}
        <span class="state row-end" data-state={state}>
          {t(`model_${state}`)}
        </span>
      </div>
      <p class="quiet-text">{t(`model_${state}Lead`)}</p>
      {failure && (
        <p class="failure">
          <strong>{t(`failure_${failure.code}`)}.</strong> {failure.message}
        </p>
      )}
    </li>
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

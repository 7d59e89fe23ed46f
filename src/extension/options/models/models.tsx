import { useCallback, useState } from "preact/hooks";
import type { PackPin } from "../../../core/types.ts";
import { browser, t } from "../../browser.ts";
import type { Measurement, Status } from "../../messages.ts";
import { ask, type Reloadable, useLoaded } from "../console.ts";
import { count } from "../format.ts";
import { Card, Notice, Page } from "../parts.tsx";
import type { ShowToast } from "../toast.tsx";
import { AddPack } from "./add-pack.tsx";
import { Graphics } from "./graphics.tsx";
import { Measure } from "./measure.tsx";
import { ModelRow } from "./model-row.tsx";
import { PackRow } from "./pack-row.tsx";
import { PACKAGED } from "./packaged.ts";

interface Props {
  isArrival: boolean;
  status: Reloadable<Status>;
  showToast: ShowToast;
}

const loadPacks = () => ask("packs", null);

/** What judges pictures and text: the packaged networks, the packs that the user adds, what runs them and how fast. */
export function Models({ isArrival, status, showToast }: Props) {
  const packs = useLoaded(loadPacks);
  const [measured, setMeasured] = useState<readonly Measurement[]>();
  const { reload: reloadStatus } = status;
  const { reload: reloadPacks } = packs;
  const changed = useCallback(() => {
    reloadPacks();
    reloadStatus();
    setMeasured(undefined);
  }, [reloadPacks, reloadStatus]);
  return (
    <Page title={t("models_title")} lead={t("models_lead")} isArrival={isArrival}>
      <Notice loaded={status} />
      <Notice loaded={packs} />
      <Packaged status={status.value} measured={measured} />
      {packs.value && (
        <Packs packs={packs.value} status={status.value} measured={measured} onChange={changed} showToast={showToast} />
      )}
      <Measure packs={packs.value ?? []} measured={measured} onMeasured={setMeasured} />
      {status.value && <Graphics models={status.value.judge.models} />}
    </Page>
  );
}

interface KnownProps {
  status: Status | undefined;
  measured: readonly Measurement[] | undefined;
}

/** The state and the time of one model, where they are known. */
function known({ status, measured }: KnownProps, id: string) {
  const state = status?.judge.models.find((model) => model.id === id);
  return { id, state, latencyMs: measured?.find((one) => one.id === id)?.latencyMs };
}

function Packaged({ status, measured }: KnownProps) {
  return (
    <Card title={t("models_packaged")}>
      <ul class="rows">
        {PACKAGED.map((model) => (
          <ModelRow key={model.id} facts={model} {...known({ status, measured }, model.id)} />
        ))}
      </ul>
      {status && <p class="quiet-text">{t("about_judged", count(status.judge.judged))}</p>}
      {status && <p class="quiet-text">{t("models_reread", count(status.judge.reread))}</p>}
    </Card>
  );
}

interface PacksProps extends KnownProps {
  packs: readonly PackPin[];
  onChange: () => void;
  showToast: ShowToast;
}

function Packs({ packs, status, measured, onChange, showToast }: PacksProps) {
  return (
    <Card title={t("packs_title")} lead={t("packs_lead")}>
      {packs.length === 0 && <p class="quiet-text">{t("packs_empty")}</p>}
      <ul class="rows">
        {packs.map((pin) => {
          const facts = known({ status, measured }, `${pin.id}@${pin.version}`);
          return <PackRow key={pin.sha256} pin={pin} {...facts} onChange={onChange} showToast={showToast} />;
        })}
      </ul>
      {browser.extension.inIncognitoContext ? (
        <p class="quiet-text">{t("packs_private")}</p>
      ) : (
        <AddPack packs={packs} onAdded={onChange} />
      )}
    </Card>
  );
}

import { useState } from "preact/hooks";
import type { PackPin } from "../../../core/types.ts";
import { t } from "../../browser.ts";
import type { Measurement } from "../../messages.ts";
import { ask, messageOf } from "../console.ts";
import { milliseconds } from "../format.ts";
import { Banner, Card } from "../parts.tsx";
import { ACCURATE, FIT_MS, fitOf } from "./fit.ts";

interface Props {
  packs: readonly PackPin[];
  measured: readonly Measurement[] | undefined;
  onMeasured: (measured: readonly Measurement[]) => void;
}

/** Measures the networks on this machine, and says whether the accurate set fits it. */
export function Measure({ packs, measured, onMeasured }: Props) {
  const [error, setError] = useState<string>();
  const [isMeasuring, setMeasuring] = useState(false);
  const measure = async () => {
    setMeasuring(true);
    setError(undefined);
    await ask("measure", null).then(onMeasured, (thrown) => setError(messageOf(thrown)));
    setMeasuring(false);
  };
  const isAdded = packs.some(({ id }) => id === ACCURATE);
  return (
    <Card title={t("measure_title")} lead={t(isAdded ? "measure_leadAdded" : "measure_lead")}>
      {error && <Banner text={t("error_measure")} detail={error} onRetry={measure} />}
      <div class="buttons">
        <button type="button" disabled={isMeasuring} onClick={measure} data-testid="measure">
          {t(isMeasuring ? "measure_running" : "measure_run")}
        </button>
      </div>
      <div role="status">{measured && <Measured measured={measured} />}</div>
    </Card>
  );
}

function Measured({ measured }: { measured: readonly Measurement[] }) {
  const most = Math.max(...measured.map(({ latencyMs }) => latencyMs));
  return (
    <>
      <ul class="times" data-testid="times">
        {measured.map(({ id, latencyMs, provider }) => (
          <li key={id}>
            <span>{id}</span>
            <span class="track" aria-hidden="true">
              <span class="fill" style={{ width: `${Math.round((100 * latencyMs) / most)}%` }} />
            </span>
            <span class="number">{milliseconds(latencyMs)}</span>
            <span class="quiet-text">{t(`provider_${provider}`)}</span>
          </li>
        ))}
      </ul>
      <Conclusion measured={measured} />
    </>
  );
}

function Conclusion({ measured }: { measured: readonly Measurement[] }) {
  const fit = fitOf(measured);
  if (!fit) return null;
  const { totalMs, accurateMs, isMeasured, isFit } = fit;
  const accurate = t(isMeasured ? "fit_measured" : "fit_estimated", milliseconds(accurateMs));
  const total = t(isFit ? "fit_yes" : "fit_no", milliseconds(totalMs), milliseconds(FIT_MS));
  return (
    <div class={isFit ? "conclusion" : "slow"} data-testid="fit" data-outcome={isFit ? "passed" : "slow"}>
      <strong>{total}</strong>
      <p>{accurate}</p>
    </div>
  );
}

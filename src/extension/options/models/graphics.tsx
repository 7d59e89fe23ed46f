import { useState } from "preact/hooks";
import type { GpuReport } from "../../../core/provider.ts";
import { t } from "../../browser.ts";
import type { ModelState } from "../../messages.ts";
import { ask, messageOf } from "../console.ts";
import { scientific } from "../format.ts";
import { Banner, Card } from "../parts.tsx";

/** Whether the graphics card or the processor judges pictures, why, and a way to try the card. */
export function Graphics({ models }: { models: readonly ModelState[] }) {
  const [report, setReport] = useState<GpuReport>();
  const [error, setError] = useState<string>();
  const [isChecking, setChecking] = useState(false);
  const check = async () => {
    setChecking(true);
    setError(undefined);
    try {
      setReport(await ask("checkGpu", { mayBeSoftware: false }));
    } catch (thrown) {
      setError(messageOf(thrown));
    }
    setChecking(false);
  };
  return (
    <Card title={t("gpu_title")} lead={t("gpu_lead")}>
      <p data-testid="gpu">{servingText(models)}</p>
      {error && <Banner text={t("error_gpu")} detail={error} onRetry={check} />}
      <div class="buttons">
        <button type="button" disabled={isChecking} onClick={check} data-testid="check-gpu">
          {t(isChecking ? "gpu_checking" : "gpu_check")}
        </button>
      </div>
      <div role="status">{report && <Report report={report} />}</div>
    </Card>
  );
}

function Report({ report: { noGpu, detail, card, difference } }: { report: GpuReport }) {
  const passed = t("gpu_passed", scientific(difference ?? 0));
  return (
    <p data-testid="gpu-report" data-no-gpu={noGpu}>
      {noGpu ? t("gpu_refused", t(`gpu_${noGpu}`)) : passed}
      {card?.name && <span class="quiet-text"> {card.name}</span>}
      {detail && <span class="quiet-text"> {detail}</span>}
    </p>
  );
}

function servingText(models: readonly ModelState[]): string {
  if (models.some(({ provider }) => provider === "webgpu")) return t("gpu_serves");
  const noGpu = models.find((model) => model.noGpu)?.noGpu;
  if (noGpu) return t("gpu_processor", t(`gpu_${noGpu}`));
  return t(models.some(({ provider }) => provider === "wasm") ? "gpu_noFile" : "gpu_undecided");
}

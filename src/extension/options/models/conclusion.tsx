import { t } from "../../browser.ts";
import type { Measurement } from "../../messages.ts";
import { milliseconds } from "../format.ts";
import { FIT_MS, fitOf } from "./fit.ts";

/** What measured times say about the accurate set on this machine. */
export function Conclusion({ measured }: { measured: readonly Measurement[] }) {
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

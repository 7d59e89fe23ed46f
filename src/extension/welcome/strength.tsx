import { useEffect, useState } from "preact/hooks";
import { browser, t } from "../browser.ts";
import type { Measurement } from "../messages.ts";
import { ask, messageOf } from "../options/console.ts";
import { Conclusion } from "../options/models/conclusion.tsx";
import { fitOf } from "../options/models/fit.ts";
import { Banner, Card } from "../options/parts.tsx";

/** A machine that never rests is measured as it is. */
const IDLE_WITHIN_MS = 5_000;

type State = "waiting" | "measuring" | "measured" | "failed" | "skipped";

/**
 * Measures once, by itself, whether this machine is strong enough for the accurate set, and says how to add it. It starts
 * when the page is seen and the browser rests, so that nothing else is slowed down, and the user may skip it.
 */
export function Strength() {
  const { state, measured, error, begin, skip } = useMeasurement();
  const isFit = fitOf(measured)?.isFit === true;
  const isAsked = state === "waiting" || state === "measuring";
  return (
    <Card title={t("measure_title")} lead={t("strength_lead")}>
      <div class="strength" role="status" data-testid="strength" data-state={state}>
        {isAsked && <Progress />}
        {state === "skipped" && <p class="quiet-text">{t("strength_skipped")}</p>}
        {state === "measured" && <Conclusion measured={measured} />}
        {state === "measured" && <p>{t(isFit ? "strength_how" : "strength_without")}</p>}
      </div>
      {state === "failed" && <Banner text={t("error_measure")} detail={error} onRetry={begin} />}
      <div class="buttons">
        {isAsked && <Button name="strength_skip" onClick={skip} />}
        {state === "skipped" && <Button name="measure_run" onClick={begin} />}
        {state === "measured" && isFit && (
          <a class="button" href={browser.runtime.getURL("src/extension/options/index.html#/models")}>
            {t("strength_models")}
          </a>
        )}
      </div>
    </Card>
  );
}

function Progress() {
  return (
    <label class="measuring">
      <span>{t("strength_running")}</span>
      <progress />
    </label>
  );
}

function Button({ name, onClick }: { name: "strength_skip" | "measure_run"; onClick: () => void }) {
  return (
    <button type="button" onClick={onClick}>
      {t(name)}
    </button>
  );
}

function useMeasurement() {
  const [state, setState] = useState<State>("waiting");
  const [measured, setMeasured] = useState<readonly Measurement[]>([]);
  const [error, setError] = useState("");
  useEffect(() => (state === "waiting" ? whenIdle(() => setState("measuring")) : undefined), [state]);
  useEffect(() => {
    if (state !== "measuring") return undefined;
    let isLeft = false;
    const settle = (next: State) => !isLeft && setState(next);
    ask("measure", null).then(
      (times) => {
        setMeasured(times);
        settle("measured");
      },
      (thrown) => {
        setError(messageOf(thrown));
        settle("failed");
      },
    );
    // What comes after the user has skipped it changes nothing any more.
    return () => {
      isLeft = true;
    };
  }, [state]);
  return { state, measured, error, begin: () => setState("measuring"), skip: () => setState("skipped") };
}

/** Calls once the page is seen and nothing else is to be done; answers with how to call it off. */
function whenIdle(start: () => void): () => void {
  let request: number | undefined;
  const look = () => {
    if (document.visibilityState !== "visible" || request !== undefined) return;
    request = requestIdleCallback(start, { timeout: IDLE_WITHIN_MS });
  };
  look();
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    if (request !== undefined) cancelIdleCallback(request);
  };
}

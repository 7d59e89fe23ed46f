import { useState } from "preact/hooks";
import { t } from "../browser.ts";
import type { SelfTest as Result, TestResult } from "../messages.ts";
import { ask, messageOf } from "./console.ts";
import { milliseconds } from "./format.ts";
import { lookOf, type Outcome, outcomeOf } from "./outcome.ts";
import { Banner, Card, Page, ScoreBar, Technical } from "./parts.tsx";

/** Runs the two packaged pictures through the very judge, and shows them as a page would. */
export function SelfTest({ isArrival }: { isArrival: boolean }) {
  const [result, setResult] = useState<Result>();
  const [error, setError] = useState<string>();
  const [isRunning, setIsRunning] = useState(false);
  const run = async () => {
    setIsRunning(true);
    setError(undefined);
    setResult(undefined);
    await ask("test", null).then(setResult, (thrown) => setError(messageOf(thrown)));
    setIsRunning(false);
  };
  return (
    <Page title={t("test_title")} lead={t("test_lead")} isArrival={isArrival}>
      <Card>
        <div class="buttons">
          <button type="button" id="run-test" class="primary" disabled={isRunning} onClick={run}>
            {t(result ? "test_again" : "test_run")}
          </button>
        </div>
        <div role="status">
          {isRunning && t("test_running")}
          {result && <Conclusion outcome={outcomeOf(result)} />}
        </div>
        {error !== undefined && <Banner text={t("test_error")} detail={error} onRetry={run} />}
        <div class="pictures">
          <Picture name="card" result={result?.card} />
          <Picture name="control" result={result?.control} />
        </div>
      </Card>
    </Page>
  );
}

function Conclusion({ outcome }: { outcome: Outcome }) {
  const isPassed = outcome === "passed";
  return (
    <div class="conclusion" data-testid="outcome" data-outcome={outcome}>
      <strong>{t(isPassed ? "test_passed" : "test_notPassed")}</strong>
      <p>{t(`test_${outcome}Lead`)}</p>
    </div>
  );
}

/** A picture without a result is as unseen as one without a verdict: by the same style sheet. */
function Picture({ name, result }: { name: keyof Result; result: TestResult | undefined }) {
  return (
    <figure data-testid={name}>
      <div class="picture">
        <img src={`/test-card/${name}.png`} alt={t(`test_${name}Alt`)} data-wardlight={result && lookOf(result)} />
      </div>
      <figcaption>
        <strong>{t(`test_${name}`)}</strong>
        {result && <Facts {...result} />}
      </figcaption>
    </figure>
  );
}

function Facts({ verdict, action, latencyMs }: TestResult) {
  const { category, score, failure } = verdict;
  const hasScore = action.reason !== "paused" && category !== "unknown";
  return (
    <>
      <span class="action" data-action={action.kind}>
        {t(`action_${action.kind}`)}
      </span>
      {action.reason !== "paused" && <span class="quiet-text">{t(`category_${category}`)}</span>}
      {hasScore && (
        <span class="score-cell">
          <span>{t("detail_score")}</span>
          <ScoreBar score={score} isStrong={action.kind !== "allow"} />
        </span>
      )}
      <span class="quiet-text">
        {t("test_time")} {milliseconds(latencyMs)}
      </span>
      <span class="quiet-text">{t(`decided_${action.reason}`)}</span>
      {failure && (
        <span class="failure">
          <strong>{t(`failure_${failure.code}`)}.</strong>
          <Technical detail={failure.message} />
        </span>
      )}
    </>
  );
}

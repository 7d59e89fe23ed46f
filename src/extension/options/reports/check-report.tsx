import { useState } from "preact/hooks";
import { checkpointIn } from "../../../core/report/ally.ts";
import { type Verification, verifyReport } from "../../../core/report/verify.ts";
import { t } from "../../browser.ts";
import { count } from "../format.ts";
import { Card, Technical } from "../parts.tsx";
import { useTask } from "./task.ts";

/** Checks a saved report, on this device, and against what an ally has kept. */
export function CheckReport() {
  const { busy, failed, run } = useTask<"check">();
  const [report, setReport] = useState<File>();
  const [kept, setKept] = useState<File>();
  const [found, setFound] = useState<Verification>();
  const check = () =>
    run("check", async () => {
      const held = kept && checkpointIn(await kept.text());
      if (kept && !held) throw new Error(t("check_noCheckpoint"));
      setFound(await verifyReport(parsed((await report?.text()) ?? ""), crypto.subtle, held));
    });
  const choose = (set: (file: File | undefined) => void) => (event: { currentTarget: HTMLInputElement }) => {
    setFound(undefined);
    set(event.currentTarget.files?.[0]);
  };
  return (
    <Card title={t("check_title")} lead={t("check_lead")}>
      <div class="files">
        <label>
          <span>{t("check_report")}</span>
          <input type="file" accept=".json" onChange={choose(setReport)} data-testid="check-file" />
        </label>
        <label>
          <span>{t("check_kept")}</span>
          <input type="file" accept=".txt,.json" onChange={choose(setKept)} />
        </label>
      </div>
      <div class="buttons">
        <button type="button" disabled={!report || busy !== undefined} onClick={check} data-testid="check-run">
          {t("check_run")}
        </button>
        <a class="check-page" href="/verifier.html" download="wardlight-verifier.html">
          {t("check_page")}
        </a>
      </div>
      <div role="status" data-testid="check-result">
        {failed && (
          <p class="bad">
            <Technical detail={failed.message} />
          </p>
        )}
        {found && !failed && <Result found={found} />}
      </div>
    </Card>
  );
}

function Result({ found }: { found: Verification }) {
  if (!found.isWhole) {
    const place = found.n === undefined ? "" : t("check_place", count(found.n));
    return (
      <>
        <p class="bad">
          <strong>{t("check_broken")}</strong> {place}
        </p>
        <p class="quiet-text">{t(`broken_${found.code}`)}</p>
      </>
    );
  }
  return (
    <>
      <p class="good">
        <strong>{t("check_whole")}</strong> {t("check_counts", count(found.events), count(found.entries))}
      </p>
      <p class="quiet-text">{t(found.held ? `check_${found.held}` : "report_limits")}</p>
    </>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

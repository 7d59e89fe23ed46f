import { useEffect, useState } from "preact/hooks";
import type { Moment } from "../../core/types.ts";
import { browser, t } from "../browser.ts";
import { type BlockReport, send } from "../messages.ts";
import { timeOf } from "./clock.ts";

interface Props {
  readonly report: BlockReport;
  readonly url: string;
  readonly host: string;
  /** Called before the address is opened all the same. */
  readonly onContinue: () => Promise<void>;
}

/** What somebody may do who knows better; where proceeding at once is forbidden, a time of cooling off. */
export function Choices({ report, url, host, onContinue }: Props) {
  const [said, setSaid] = useState("");
  const now = useNow();
  const [cooledAt, setCooledAt] = useState(report.cooledAt);
  if (!report.isStopped) {
    return (
      <button type="button" id="open" class="plain" onClick={() => location.replace(url)}>
        {t("blocked_open")}
      </button>
    );
  }
  const proceed = async () => {
    await onContinue();
    const isOpen = await send("console", "proceed", { url, tabId: await ownTab() });
    if (!isOpen) setSaid(t("blocked_refused"));
  };
  const dispute = async () => {
    await send("console", "dispute", { url, tabId: await ownTab() });
    setSaid(t("blocked_disputed"));
  };
  const { heldUntil } = report;
  const isOpenToAll = report.mayProceed || (cooledAt !== null && cooledAt <= now);
  return (
    <details>
      <summary>{t("blocked_more")}</summary>
      <div class="choices">
        {heldUntil !== null ? (
          <p id="held">{t("blocked_held", timeOf(heldUntil))}</p>
        ) : isOpenToAll ? (
          <Choice id="proceed" name={t("blocked_proceed")} hint={t("blocked_proceedHint")} onClick={proceed} />
        ) : (
          <CoolingOff
            cooledAt={cooledAt}
            onStart={async () => setCooledAt(await send("console", "coolOff", { url }))}
          />
        )}
        {report.mayProceed && heldUntil === null && (
          <Choice
            id="allow"
            name={t("blocked_allow")}
            hint={t("blocked_allowHint")}
            onClick={() => onContinue().then(() => allow(report.entry ?? host, url))}
          />
        )}
        <Choice id="dispute" name={t("blocked_dispute")} hint={t("blocked_disputeHint")} onClick={dispute} />
      </div>
      <p id="said" role="status">
        {said}
      </p>
    </details>
  );
}

function CoolingOff({ cooledAt, onStart }: { cooledAt: Moment | null; onStart: () => void }) {
  return (
    <>
      <p id="forbidden">{t("blocked_forbidden")}</p>
      {cooledAt === null ? (
        <Choice id="cool" name={t("blocked_cool")} hint={t("blocked_coolHint")} onClick={onStart} />
      ) : (
        <p id="cooling">{t("blocked_cooling", timeOf(cooledAt))}</p>
      )}
    </>
  );
}

function Choice({ id, name, hint, onClick }: { id: string; name: string; hint: string; onClick: () => void }) {
  return (
    <div>
      <button type="button" class="plain" id={id} aria-describedby={`${id}-hint`} onClick={onClick}>
        {name}
      </button>
      <p id={`${id}-hint`} class="note">
        {hint}
      </p>
    </div>
  );
}

/** The entry that stopped it: with its host beside it, such as where its pictures lie. */
async function allow(entry: string, url: string) {
  const { trustedAddresses } = await send("console", "settings", {});
  await send("console", "settings", { trustedAddresses: [...new Set([...trustedAddresses, entry])] });
  location.replace(url);
}

async function ownTab(): Promise<number> {
  return (await browser.tabs.getCurrent())?.id ?? -1;
}

const TICK_MS = 5_000;

function useNow(): Moment {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

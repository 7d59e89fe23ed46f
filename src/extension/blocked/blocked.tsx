import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { BUDGETED } from "../../core/analytics/budget.ts";
import type { Evidence } from "../../core/types.ts";
import { browser, locale, t } from "../browser.ts";
import type { ListFacts } from "../list-messages.ts";
import { type BlockReport, send } from "../messages.ts";
import { labelName } from "../options/label-words.ts";
import type { Block } from "./block.ts";
import { Choices } from "./choices.tsx";
import { timeOf } from "./clock.ts";
import { Offer } from "./offer.tsx";

const REASONS = ["adult", "malware", "phishing", "scam", "gambling", "blocklisted"] as const;

/** Where help makes sense: whoever comes upon a fraud needs none. */
const HELPED: readonly BlockReport["category"][] = ["adult", "gambling", "blocklisted"];

/** Stands where the page would have been: what it was, why it is not here, how sure that is, and the ways on. */
export function Blocked({ block }: { block: Block }) {
  const { host, url } = block;
  const [report, setReport] = useState<BlockReport>();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const reload = useCallback(() => {
    if (url) void send("console", "explainBlock", { url }).then(setReport);
  }, [url]);
  useEffect(reload, [reload]);
  const offered = useRef("");
  const noteOffer = useCallback((id: string) => {
    offered.current = id;
  }, []);
  const goOn = async () => {
    if (offered.current) await send("console", "answerHelp", { id: offered.current, answer: "continued" });
  };
  return (
    <main>
      <img src="/icons/icon.svg" alt="" width="88" height="88" />
      <h1>{t(report && !report.isCertain && report.isStopped ? "blocked_warnHeading" : "blocked_heading")}</h1>
      <p id="host" class={host ? "known" : ""}>
        {host ? <bdi>{host}</bdi> : t("blocked_noHost")}
      </p>
      <p id="reason" role="status">
        {report ? reasonOf(report) : host ? "" : t("blocked_reason_unknown")}
      </p>
      {report && <Facts report={report} address={block.address} />}
      <button type="button" id="go-back" ref={button} onClick={() => goBack(url ?? "")}>
        {t("blocked_back")}
      </button>
      {report?.isStopped && HELPED.includes(report.category) && <Offer onOffered={noteOffer} onHeld={reload} />}
      {report && url && host && <Choices report={report} url={url} host={host} onContinue={goOn} />}
      {report?.isStopped && <p class="note">{t("blocked_note")}</p>}
    </main>
  );
}

function reasonOf({ isStopped, list, category, evidence, heldUntil }: BlockReport): string {
  if (!isStopped) return t("blocked_over");
  const isTonight = evidence.some(({ detector }) => detector === "url/tonight");
  if (isTonight && heldUntil !== null) return t("blocked_tonight", timeOf(heldUntil));
  const used = evidence.find((item) => item.detector === "url/budget");
  if (used?.kind === "rule") return t("blocked_budget", t(`class_${classOf(used.value)}`));
  const described = describedIn(evidence);
  if (described) return t("blocked_hours", labelName(described.name));
  const target = evidence.find((item) => item.kind === "target");
  if (!list) return [t("blocked_judged"), target ? t("blocked_target", target.name) : ""].join(" ").trim();
  return t(`blocked_reason_${REASONS.find((reason) => reason === category) ?? "unknown"}`);
}

function classOf(value: string): (typeof BUDGETED)[number] {
  return BUDGETED.find((name) => name === value) ?? "social";
}

/** What the page turned out to be about, where hours that the user chose close it for that. */
function describedIn(evidence: BlockReport["evidence"]) {
  const found = evidence.find(({ detector }) => detector === "url/hours");
  return found?.kind === "class" ? found : undefined;
}

/** How sure it is, and of what. */
function sureOf({ isCertain, evidence, score, uncertainty }: BlockReport): string {
  const described = describedIn(evidence);
  if (described) return t("blocked_hoursSure", two(described.score));
  return isCertain ? t("blocked_sureExact") : t("blocked_sureScore", two(score), two(uncertainty));
}

function Facts({ report, address }: { report: BlockReport; address: string | undefined }) {
  const { list, entry, evidence, isStopped } = report;
  return (
    <dl>
      <Fact name={t("blocked_list")} value={list && describe(list)} />
      <Fact name={t("blocked_listSource")} value={list?.sources.map(({ name }) => name).join(", ")} />
      <Fact name={t("blocked_entry")} value={entry} />
      <Fact name={t("blocked_address")} value={address} />
      <Fact name={t("blocked_sure")} value={isStopped ? sureOf(report) : undefined} />
      {evidence.length > 0 && (
        <div>
          <dt>{t("blocked_evidence")}</dt>
          <dd>
            <code>{evidence.map(textOf).join(" · ")}</code>
          </dd>
        </div>
      )}
    </dl>
  );
}

function two(value: number): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(value);
}

function describe({ id, own, count, updatedAt }: ListFacts): string {
  const date = new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(updatedAt);
  return t("blocked_listFacts", own?.title ?? id, new Intl.NumberFormat(locale()).format(count), date);
}

function textOf(item: Evidence): string {
  if (item.kind === "rule") return `${item.rule}: ${item.value}`;
  if (item.kind === "target") return `${item.rule}: ${item.name} (${item.host})`;
  return item.kind === "class" ? `${item.name} ${two(item.score)}` : item.rule;
}

function Fact({ name, value }: { name: string; value: string | undefined }) {
  if (value === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}

/** A tab that was opened for this address has nothing to go back to, so it closes. */
async function goBack(url: string) {
  const tabId = (await browser.tabs.getCurrent())?.id;
  if (tabId === undefined) return history.back();
  const steps = await send("console", "stepsBack", { tabId, url });
  if (history.length > steps) history.go(-steps);
  else await browser.tabs.remove(tabId);
}

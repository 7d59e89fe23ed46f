import { useEffect, useRef } from "preact/hooks";
import { browser, t } from "../browser.ts";
import { send } from "../messages.ts";
import type { Block } from "./block.ts";

/** Stands where the page would have been: what it was, why it is not here, and the way out. */
export function Blocked({ block }: { block: Block }) {
  const { host, url = "", address, category, list, entry } = block;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <main>
      <img src="/icons/icon.svg" alt="" width="88" height="88" />
      <h1>{t("blocked_heading")}</h1>
      <p id="host" class={host ? "known" : ""}>
        {host ? <bdi>{host}</bdi> : t("blocked_noHost")}
      </p>
      <p id="reason">{t(`blocked_reason_${category}`)}</p>
      <dl>
        <Fact name={t("blocked_list")} value={list} />
        <Fact name={t("blocked_entry")} value={entry} />
        <Fact name={t("blocked_address")} value={address} />
      </dl>
      <button type="button" id="go-back" ref={button} onClick={() => goBack(url)}>
        {t("blocked_back")}
      </button>
      {category !== "unknown" && <p class="note">{t("blocked_note")}</p>}
    </main>
  );
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

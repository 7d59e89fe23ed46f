import { useState } from "preact/hooks";
import { LINE_REFUSALS } from "../../core/url/list-text.ts";
import { type ListFailure, REFRESHES, type Refresh, type Subscription } from "../../core/url/subscription.ts";
import { t } from "../browser.ts";
import type { ListFacts } from "../list-messages.ts";
import { ask, messageOf } from "./console.ts";
import { count, exactTime, isoDate, plural } from "./format.ts";
import { Icon } from "./icons.tsx";
import { Switch } from "./switch.tsx";
import type { ShowToast } from "./toast.tsx";

interface Props {
  facts: ListFacts;
  own: Subscription;
  onSwitch: (id: string, isOn: boolean) => void;
  onChange: () => void;
  showToast: ShowToast;
}

/** A list that the user added: what it holds, from where, how it is kept fresh. */
export function OwnList({ facts, own, onSwitch, onChange, showToast }: Props) {
  const { id, title, source, category, hosts, pages, updatedAt, failure } = own;
  const [isBusy, setIsBusy] = useState(false);
  const run = async (task: () => Promise<void>) => {
    setIsBusy(true);
    await task().catch((thrown: unknown) => showToast({ text: messageOf(thrown) }));
    setIsBusy(false);
    onChange();
  };
  const refresh = () =>
    run(async () => {
      const { changed, failure: problem } = await ask("refreshList", { id });
      if (!problem)
        showToast({ text: changed ? plural("lists_changed", changed, title) : t("lists_unchanged", title) });
    });
  const remove = () =>
    run(async () => {
      const { list } = await ask("changeList", { id, isRemoved: true });
      if (!list) return showToast({ text: t("lock_later") });
      showToast({ text: t("lists_removed", title), onUndo: () => void run(() => restore(id)) });
    });
  const schedule = (chosen: Refresh) => run(async () => void (await ask("changeList", { id, refresh: chosen })));
  return (
    <li data-testid="own-list" aria-busy={isBusy}>
      <div class="row-head">
        <strong>
          <bdi>{title}</bdi>
        </strong>
        <span class="quiet-text">
          {t(`category_${category}`)} · {plural("lists_entries", hosts + pages)},{" "}
          {t("lists_asOf", isoDate(new Date(updatedAt).toISOString()))}
        </span>
        <Switch label={t("lists_switch", title)} isOn={facts.isOn} onChange={(isOn) => onSwitch(id, isOn)} />
      </div>
      <p class="quiet-text">
        <bdi>{source.kind === "url" ? source.url : source.name}</bdi>
      </p>
      <Refused own={own} />
      {failure && <Problem failure={failure} isKept />}
      <div class="list-tools">
        {source.kind === "url" && <Keeping own={own} isBusy={isBusy} onSchedule={schedule} onRefresh={refresh} />}
        <button type="button" class="danger row-end" disabled={isBusy} onClick={remove}>
          {t("lists_remove", title)}
        </button>
      </div>
      {isBusy && <p role="status">{t("lists_working")}</p>}
    </li>
  );
}

async function restore(id: string) {
  await ask("changeList", { id, isRemoved: false });
}

interface KeepingProps {
  own: Subscription;
  isBusy: boolean;
  onSchedule: (chosen: Refresh) => void;
  onRefresh: () => void;
}

function Keeping({ own: { title, refresh, checkedAt }, isBusy, onSchedule, onRefresh }: KeepingProps) {
  return (
    <>
      <label>
        {t("lists_schedule")}{" "}
        <select
          value={refresh}
          disabled={isBusy}
          onChange={(event) => onSchedule(REFRESHES.find((one) => one === event.currentTarget.value) ?? "manual")}
        >
          {REFRESHES.map((one) => (
            <option key={one} value={one}>
              {t(`refresh_${one}`)}
            </option>
          ))}
        </select>
      </label>
      <button type="button" disabled={isBusy} onClick={onRefresh} aria-label={t("lists_refresh", title)}>
        <Icon name="refresh" /> {t("refresh")}
      </button>
      <span class="quiet-text">{t("lists_checked", exactTime(checkedAt))}</span>
    </>
  );
}

function Refused({ own: { refused } }: { own: Subscription }) {
  const reasons = LINE_REFUSALS.filter((reason) => refused[reason]);
  if (reasons.length === 0) return null;
  const parts = reasons.map((reason) => t(`refused_${reason}`, count(refused[reason] ?? 0)));
  return <p class="quiet-text">{t("lists_refusedLead", parts.join(", "))}</p>;
}

/** Why a list could not be had, in words. */
export function Problem({ failure: { problem, detail }, isKept = false }: { failure: ListFailure; isKept?: boolean }) {
  return (
    <p class="problem" role="alert">
      {t(`problem_${problem}`)} {detail && <bdi>({detail.slice(0, 200)})</bdi>} {isKept && t("lists_kept")}
    </p>
  );
}

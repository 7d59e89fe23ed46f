import { useCallback } from "preact/hooks";
import { t } from "../browser.ts";
import type { ListFacts } from "../list-messages.ts";
import { AddList } from "./add-list.tsx";
import { ask, useLoaded } from "./console.ts";
import { EntrySearch } from "./entry-search.tsx";
import { isoDate, plural } from "./format.ts";
import { Hosts } from "./hosts.tsx";
import { OwnList } from "./own-list.tsx";
import { Banner, Card, Notice, Page } from "./parts.tsx";
import type { SettingsDesk } from "./settings.ts";
import { Switch } from "./switch.tsx";
import type { ShowToast } from "./toast.tsx";

interface Props {
  isArrival: boolean;
  desk: SettingsDesk;
  showToast: ShowToast;
}

const loadLists = () => ask("lists", null);

/** The lists of bad addresses: shipped ones, the user's own, and single entries that do not count. */
export function Lists({ isArrival, desk, showToast }: Props) {
  const lists = useLoaded(loadLists);
  const { settings, error, change, retry, dismiss } = desk;
  const { reload } = lists;
  const switchList = useCallback(
    async (id: string, isOn: boolean, offLists: readonly string[]) => {
      const others = offLists.filter((other) => other !== id);
      await change({ offLists: isOn ? others : [...others, id] });
      reload();
    },
    [change, reload],
  );
  const all = lists.value ?? [];
  const onSwitch = (id: string, isOn: boolean) => settings && void switchList(id, isOn, settings.offLists);
  return (
    <Page title={t("lists_title")} lead={t("lists_lead")} isArrival={isArrival}>
      <Notice loaded={lists} />
      {error && <Banner text={t("error_save")} reason={error} onRetry={retry} onDismiss={dismiss} />}
      {lists.value && settings && (
        <>
          <Card title={t("lists_shipped")} lead={t("lists_shippedLead")}>
            <ul class="rows">
              {all
                .filter(({ own }) => !own)
                .map((list) => (
                  <Shipped key={list.id} list={list} onSwitch={onSwitch} />
                ))}
            </ul>
          </Card>
          <Card title={t("lists_own")} lead={t("lists_ownLead")}>
            {all.every(({ own }) => !own) && <p class="quiet-text">{t("lists_ownEmpty")}</p>}
            <ul class="rows">
              {all.map(
                (list) =>
                  list.own && (
                    <OwnList
                      key={list.id}
                      facts={list}
                      own={list.own}
                      onSwitch={onSwitch}
                      onChange={reload}
                      showToast={showToast}
                    />
                  ),
              )}
            </ul>
            <AddList onAdded={reload} showToast={showToast} />
          </Card>
          <EntrySearch desk={desk} lists={all} showToast={showToast} />
          <OffEntries desk={desk} showToast={showToast} />
          <Proceeding desk={desk} />
        </>
      )}
    </Page>
  );
}

function Shipped({ list, onSwitch }: { list: ListFacts; onSwitch: (id: string, isOn: boolean) => void }) {
  const { id, category, updatedAt, sources } = list;
  return (
    <li data-testid="shipped-list">
      <div class="row-head">
        <strong>{t(`category_${category}`)}</strong>
        <span class="quiet-text">
          {plural("lists_entries", list.count)}, {t("lists_asOf", isoDate(new Date(updatedAt).toISOString()))}
        </span>
        <Switch
          label={t("lists_switch", t(`category_${category}`))}
          isOn={list.isOn}
          onChange={(isOn) => onSwitch(id, isOn)}
        />
      </div>
      <p class="quiet-text">{sources.map(({ name, license }) => `${name} (${license})`).join(", ")}</p>
    </li>
  );
}

function OffEntries({ desk, showToast }: Pick<Props, "desk" | "showToast">) {
  const names = desk.settings?.trustedAddresses ?? [];
  const remove = async (name: string) => {
    const isSaved = await desk.change({ trustedAddresses: names.filter((other) => other !== name) });
    const undo = () => void desk.change({ trustedAddresses: names });
    if (isSaved) showToast({ text: t("lists_offRemoved", name), onUndo: undo });
  };
  return (
    <Card title={t("lists_off")} lead={t("lists_offLead")}>
      {names.length === 0 && <p class="quiet-text">{t("lists_offEmpty")}</p>}
      <Hosts hosts={names} removal={(name) => t("lists_offRemove", name)} onRemove={remove} />
    </Card>
  );
}

function Proceeding({ desk: { settings, change } }: Pick<Props, "desk">) {
  return (
    <Card title={t("lists_proceedTitle")} lead={t("lists_proceedLead")}>
      <label class="switch">
        <input
          id="may-proceed"
          type="checkbox"
          checked={settings?.mayProceed ?? true}
          onChange={(event) => change({ mayProceed: event.currentTarget.checked })}
        />
        <span>{t("lists_proceed")}</span>
      </label>
    </Card>
  );
}

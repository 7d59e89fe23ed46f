import { useEffect, useState } from "preact/hooks";
import { t } from "../browser.ts";
import type { FoundEntries, ListFacts } from "../list-messages.ts";
import { ask } from "./console.ts";
import { count } from "./format.ts";
import { Card } from "./parts.tsx";
import type { SettingsDesk } from "./settings.ts";
import type { ShowToast } from "./toast.tsx";

interface Props {
  desk: SettingsDesk;
  lists: readonly ListFacts[];
  showToast: ShowToast;
}

const SETTLE_MS = 250;
const MIN_LETTERS = 2;

/** Which list an address stands on, and a way to have a single entry not count. */
export function EntrySearch({ desk, lists, showToast }: Props) {
  const [words, setWords] = useState("");
  const [found, setFound] = useState<FoundEntries>();
  useEffect(() => {
    let isCurrent = true;
    if (words.trim().length < MIN_LETTERS) setFound(undefined);
    const search = () => ask("findEntries", { words }).then((answer) => isCurrent && setFound(answer));
    const timer = setTimeout(() => words.trim().length >= MIN_LETTERS && void search(), SETTLE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [words]);
  const off = desk.settings?.trustedAddresses ?? [];
  const switchOff = async (entry: string) => {
    const isSaved = await desk.change({ trustedAddresses: [...off, entry] });
    const undo = () => void desk.change({ trustedAddresses: off });
    if (isSaved) showToast({ text: t("lists_switchedOff", entry), onUndo: undo });
  };
  return (
    <Card title={t("lists_search")} lead={t("lists_searchLead")}>
      <div class="field">
        <input
          id="entry-search"
          type="search"
          value={words}
          aria-label={t("lists_search")}
          placeholder={t("lists_searchHint")}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </div>
      <p class="quiet-text" role="status">
        {found &&
          (found.total === 0
            ? t("lists_foundNone")
            : t("lists_found", count(found.entries.length), count(found.total)))}
      </p>
      <ul class="rows found">
        {found?.entries.map(({ list, entry }) => (
          <li key={`${list} ${entry}`} class="row-head" data-testid="entry">
            <bdi>{entry}</bdi>
            <span class="quiet-text">{nameOf(list, lists)}</span>
            <button type="button" class="row-end" disabled={off.includes(entry)} onClick={() => switchOff(entry)}>
              {t("lists_switchOff")}
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function nameOf(id: string, lists: readonly ListFacts[]): string {
  const list = lists.find((one) => one.id === id);
  return list?.own?.title ?? (list ? t(`category_${list.category}`) : id);
}

import { ACTION_KINDS } from "../../core/types.ts";
import { t } from "../browser.ts";
import type { Filter } from "./filter.ts";
import { Icon } from "./icons.tsx";

interface Props {
  filter: Filter;
  onChange: (filter: Filter) => void;
  onRefresh: () => void;
  isLoading: boolean;
}

/** Narrows the entries that are loaded; it asks the background for nothing. */
export function JournalFilter({ filter, onChange, onRefresh, isLoading }: Props) {
  return (
    <search class="filters">
      <label class="grow">
        <span>{t("journal_search")}</span>
        <input
          type="search"
          value={filter.words}
          placeholder={t("journal_searchHint")}
          onInput={(event) => onChange({ ...filter, words: event.currentTarget.value })}
        />
      </label>
      <label>
        <span>{t("journal_action")}</span>
        <select
          value={filter.action}
          onChange={(event) => onChange({ ...filter, action: event.currentTarget.value as Filter["action"] })}
        >
          <option value="any">{t("journal_anyAction")}</option>
          <option value="acted">{t("journal_acted")}</option>
          {ACTION_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`action_${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <KindFilter filter={filter} onChange={onChange} />
      <button type="button" class="quiet" onClick={onRefresh} disabled={isLoading}>
        <Icon name="refresh" /> {t("refresh")}
      </button>
    </search>
  );
}

function KindFilter({ filter, onChange }: Pick<Props, "filter" | "onChange">) {
  return (
    <label>
      <span>{t("journal_kind")}</span>
      <select
        value={filter.kind}
        onChange={(event) => onChange({ ...filter, kind: event.currentTarget.value as Filter["kind"] })}
      >
        <option value="any">{t("journal_anyKind")}</option>
        {(["image", "text", "url"] as const).map((kind) => (
          <option key={kind} value={kind}>
            {t(`subject_${kind}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

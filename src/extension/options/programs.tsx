import { isExtensionId } from "../../core/extension-id.ts";
import { browser, t } from "../browser.ts";
import { type Entry, EntryList } from "./entry-list.tsx";
import { Card } from "./parts.tsx";
import type { ShowToast } from "./toast.tsx";

interface Props {
  ids: readonly string[];
  /** Answers whether the list was saved. */
  onChange: (ids: readonly string[]) => Promise<boolean>;
  showToast: ShowToast;
}

/** The other extensions that may ask the judges. */
export function Programs({ ids, onChange, showToast }: Props) {
  const words = {
    field: t("programs_field"),
    hint: t("programs_hint"),
    add: t("programs_add"),
    empty: t("programs_empty"),
    remove: (id: string) => t("programs_remove", id),
    added: (id: string) => t("programs_added", id),
    removed: (id: string) => t("programs_removed", id),
  };
  return (
    <Card title={t("programs_title")} lead={t("programs_lead")}>
      <EntryList
        id="program-id"
        entries={ids}
        words={words}
        read={(typed) => entryOf(typed, ids)}
        onChange={onChange}
        showToast={showToast}
      />
      <p class="quiet-text">
        {t("programs_own")} <code>{browser.runtime.id}</code>
      </p>
    </Card>
  );
}

function entryOf(typed: string, ids: readonly string[]): Entry {
  const name = typed.trim();
  if (name === "") return { problem: t("programs_errorEmpty") };
  if (!isExtensionId(name)) return { problem: t("programs_errorInvalid", name) };
  return ids.includes(name) ? { problem: t("programs_errorKnown", name) } : { name };
}

import { t } from "../browser.ts";
import { type Entry, EntryList } from "./entry-list.tsx";
import { readHost } from "./host-entry.ts";
import { Card } from "./parts.tsx";
import type { ShowToast } from "./toast.tsx";

interface Props {
  hosts: readonly string[];
  /** Answers whether the list was saved. */
  onChange: (hosts: readonly string[]) => Promise<boolean>;
  showToast: ShowToast;
}

/** The sites that the user exempts. */
export function Allowlist({ hosts, onChange, showToast }: Props) {
  const words = {
    field: t("allow_field"),
    hint: t("allow_hint"),
    add: t("allow_add"),
    empty: t("allow_empty"),
    remove: (host: string) => t("allow_remove", host),
    added: (host: string) => t("allow_added", host),
    removed: (host: string) => t("allow_removed", host),
  };
  return (
    <Card title={t("allow_title")} lead={t("allow_lead")}>
      <EntryList
        id="host-name"
        entries={hosts}
        words={words}
        read={(typed) => entryOf(typed, hosts)}
        onChange={onChange}
        showToast={showToast}
      />
    </Card>
  );
}

function entryOf(typed: string, hosts: readonly string[]): Entry {
  const entry = readHost(typed, hosts);
  switch (entry.kind) {
    case "host":
      return { name: entry.host };
    case "empty":
      return { problem: t("allow_errorEmpty") };
    case "invalid":
      return { problem: t("allow_errorInvalid", typed.trim()) };
    case "covered":
      return { problem: t("allow_errorCovered", entry.host, entry.by) };
  }
}

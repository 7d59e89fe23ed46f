import type { ComponentChildren } from "preact";
import { useContext } from "preact/hooks";
import { t } from "../../browser.ts";
import { LockContext } from "./desk.ts";
import { settingName } from "./words.ts";

/** Settings that an organisation may have set: it says which, and nobody can change what it has set. */
export function Managed({ paths, children }: { paths: readonly string[]; children: ComponentChildren }) {
  const managed = useContext(LockContext)?.managed ?? [];
  const set = paths.filter((path) => managed.includes(path));
  if (set.length === 0) return <>{children}</>;
  return (
    <fieldset class="managed" disabled={set.length === paths.length} data-testid="managed">
      <legend>{t("managed_note", set.map(settingName).join(", "))}</legend>
      {children}
    </fieldset>
  );
}

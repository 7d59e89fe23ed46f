import { AUDITED, auditOf } from "../../core/audit.ts";
import { browser } from "../browser.ts";
import type { LockJournal } from "./lock-desk.ts";
import { watchManaged } from "./managed.ts";

/**
 * Has every change of settings, lists, packs and the lock written down: by what is stored, whoever has changed it, so that
 * no way past the doors is a way past the journal. Must be called in the first tick.
 */
export function writeDownChanges({ noteChanges }: Pick<LockJournal, "noteChanges">): void {
  browser.storage.local.onChanged.addListener(async (changes) => {
    const found = AUDITED.flatMap((about) => {
      const { [about]: change } = changes;
      return change ? auditOf(about, change.oldValue, change.newValue) : [];
    });
    await noteChanges(found);
  });
  watchManaged((before, after) => void noteChanges(auditOf("policy", before, after)));
}

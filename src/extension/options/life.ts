import { isThere, type Journal, openJournal, removeJournal } from "../../storage/journal.ts";
import { readLockKey } from "../lock-key.ts";

/** The user's own, as this page reads it. */
export const OWN = openJournal({ askLockKey: readLockKey });
/** An invented life lies in a journal of its own, which this page alone writes; the two are never mixed. */
export const INVENTED = openJournal({ name: "invented-journal" });

/** What the pages show: the invented life while there is one, else the user's own. */
export interface Life {
  readonly journal: Journal;
  readonly isInvented: boolean;
}

export async function lifeInView(): Promise<Life> {
  const isInvented = await isThere("invented-journal");
  return { journal: isInvented ? INVENTED : OWN, isInvented };
}

export async function removeInvented(): Promise<void> {
  await INVENTED.close();
  await removeJournal("invented-journal");
}

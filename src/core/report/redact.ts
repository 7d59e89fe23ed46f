import { suffixesOf } from "../host.ts";
import type { JournalSettings } from "../journal-settings.ts";
import type { JournalEvent, VerdictEvent } from "./journal.ts";

/**
 * What may be written down of events: nothing of the hosts that the user chose, and no host, address or words of a page
 * where sites are to be hashed.
 * @param hashName see `JournalSettings.siteNames`
 */
export async function redact(
  events: readonly JournalEvent[],
  { siteNames, unrecorded }: JournalSettings,
  hashName: (host: string) => Promise<string>,
): Promise<JournalEvent[]> {
  const silent = new Set(unrecorded);
  const kept = events.filter(({ site }) => !suffixesOf(site).some((host) => silent.has(host)));
  if (siteNames === "plain") return kept;
  const names = new Map<string, string>();
  for (const { site } of kept) if (!names.has(site)) names.set(site, await hashName(site));
  return kept.map((event) => {
    const site = names.get(event.site) ?? "";
    return event.kind === "tally" ? { ...event, site } : { ...wordless(event), site };
  });
}

/** Without anything that the page wrote or that names where it was. */
function wordless({ evidence, failure, ...event }: VerdictEvent): VerdictEvent {
  return {
    ...event,
    label: "",
    evidence: evidence.map((piece) => (piece.kind === "rule" ? { ...piece, value: "" } : piece)),
    ...(failure ? { failure: { ...failure, message: "" } } : {}),
  };
}

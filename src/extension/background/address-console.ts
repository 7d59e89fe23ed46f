import type { JournalEvent } from "../../core/report/journal.ts";
import type { Handlers } from "../messages.ts";
import { dispute, explainBlock, proceedTo, startCoolingOff } from "./blocked-door.ts";
import { findEntries, listsReport, scheduleRefresh } from "./lists-door.ts";
import { admit, inTurn } from "./lock-gate.ts";
import { stepsBack } from "./navigation.ts";
import { readSettings } from "./settings.ts";
import { addList, changeList, refreshList } from "./subscriptions.ts";

type AddressKinds =
  | "stepsBack"
  | "explainBlock"
  | "proceed"
  | "coolOff"
  | "dispute"
  | "lists"
  | "findEntries"
  | "addList"
  | "refreshList"
  | "changeList";

/** What the blocked page and the page of lists ask for. @param refresh puts the rules in place that hold by now */
export function addressConsole(
  record: (events: readonly JournalEvent[]) => Promise<void>,
  refresh: () => Promise<void>,
): Pick<Handlers<"console">, AddressKinds> {
  return {
    stepsBack: ({ tabId, url }) => stepsBack(tabId, url),
    explainBlock: async ({ url }) => explainBlock(url, await readSettings()),
    proceed: async (request) => proceedTo(request, await readSettings(), record),
    coolOff: ({ url }) => startCoolingOff(url),
    async dispute(request) {
      await dispute(request, await readSettings(), record);
      return null;
    },
    lists: async () => listsReport(await readSettings()),
    findEntries: async ({ words }) => findEntries(words, await readSettings()),
    addList,
    refreshList: ({ id }) => refreshList(id),
    async changeList({ id, ...patch }) {
      const isLater = patch.isRemoved && (await inTurn(() => admit([{ kind: "list", id }]))) === "later";
      if (isLater) return {};
      const outcome = await changeList(id, patch);
      await Promise.all([refresh(), scheduleRefresh()]);
      return outcome;
    },
  };
}

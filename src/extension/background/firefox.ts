import { openJournal } from "../../storage/journal.ts";
import { Judge } from "../offscreen/judge.ts";
import { startBackground } from "./background.ts";
import { giveBackReferrer, lendReferrer } from "./referrer.ts";
import { TALLIES } from "./rows.ts";
import { tallied } from "./tallied.ts";

/** Firefox's event page has a document and Workers: the judge lives in it, and both sleep and wake together. */
const journal = tallied(openJournal(), TALLIES);
const judge = new Judge(
  (events) => journal.append(events),
  async (url, referrer) => {
    const id = await lendReferrer({ url, referrer });
    return () => giveBackReferrer(id);
  },
);

startBackground(
  {
    wake: async (policy) => judge.configure(policy),
    update: async (policy) => judge.configure(policy),
    test: (bytes) => judge.test(bytes),
    forget: () => judge.forget(),
    state: async () => judge.state(),
    checkGpu: (request) => judge.checkGpu(request),
    tryPack: (file) => judge.tryPack(file),
    measure: async () => judge.measure(),
  },
  journal,
);

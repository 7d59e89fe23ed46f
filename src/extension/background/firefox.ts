import { openJournal } from "../../storage/journal.ts";
import { Judge } from "../offscreen/judge.ts";
import { startBackground } from "./background.ts";

/** Firefox's event page has a document and Workers: the judge lives in it, and both sleep and wake together. */
const journal = openJournal();
const judge = new Judge((events) => journal.append(events));

startBackground(
  {
    wake: async (policy) => judge.configure(policy),
    update: async (policy) => judge.configure(policy),
    test: (bytes) => judge.test(bytes),
    state: async () => judge.state(),
  },
  journal,
);

import { Judge } from "../offscreen/judge.ts";
import { startBackground } from "./background.ts";
import { openJournalDesk } from "./journal-desk.ts";
import { giveBackReferrer, lendReferrer } from "./referrer.ts";

/** Firefox's event page has a document and Workers: the judge lives in it, and both sleep and wake together. */
const journal = openJournalDesk();
const judge = new Judge(
  journal.record,
  async (url, referrer) => {
    const id = await lendReferrer({ url, referrer });
    return () => giveBackReferrer(id);
  },
  (description) => background.describe(description),
);

const background = startBackground(
  {
    wake: async (policy) => judge.configure(policy),
    update: async (policy) => judge.configure(policy),
    test: (bytes) => judge.test(bytes),
    testText: (request) => judge.testText(request),
    forget: () => judge.forget(),
    state: async () => judge.state(),
    checkGpu: (request) => judge.checkGpu(request),
    tryPack: (file) => judge.tryPack(file),
    measure: async () => judge.measure(),
  },
  journal,
);

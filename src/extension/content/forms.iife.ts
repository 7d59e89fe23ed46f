import { DraftJudge } from "./draft-judge.ts";
import { DraftGuard } from "./drafts.ts";
import { Placeholders } from "./placeholders.ts";
import { takeOver } from "./succession.ts";

/** What the user writes, pastes and drops where an AI reads it. */
takeOver(() => {
  const stopping = new AbortController();
  const judge = new DraftJudge();
  new DraftGuard(judge, new Placeholders(stopping.signal), stopping.signal);
  return () => {
    stopping.abort();
    judge.close();
  };
}, "forms");

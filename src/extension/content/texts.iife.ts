import { type PageAction, send, serve } from "../messages.ts";
import { sweepCovers } from "./comment-covers.ts";
import { Findings } from "./findings.ts";
import { HiddenPanel } from "./hidden-panel.ts";
import { hiddenTexts } from "./hidden-texts.ts";
import { JudgeLink } from "./link.ts";
import { PassageCard } from "./passage-card.ts";
import { plainText } from "./plain.ts";
import { takeOver } from "./succession.ts";
import { Acts } from "./summary.ts";
import { TextGuard } from "./texts.ts";

/** What was found is told in one message, however much it is. */
const TELL_MS = 500;

/** The page's text: what gives orders to an AI, what no reader sees, and comments that are hostile. */
takeOver(() => {
  const stopping = new AbortController();
  const { signal } = stopping;
  sweepCovers();
  const acts = new Acts();
  const tell = afterwards(() => void send("guard", "counted", null).catch(() => {}), TELL_MS);
  const findings = new Findings(tell, signal);
  const panel = new HiddenPanel(signal);
  new PassageCard(
    () => findings.all(),
    (found) => findings.restore(found),
    signal,
  );
  const link = new JudgeLink({
    onActions(actions) {
      acts.add(actions.map(toldOf), Date.now());
      guard.onActions(actions);
    },
    onUnreachable() {},
  });
  const guard = new TextGuard(
    {
      submit: (sightings) => link.submit(sightings),
      onAction: (chunk, action) => findings.add(chunk, action),
      onRead: () => findings.sweep(),
      isCovered: (element) => findings.isCovered(element),
    },
    signal,
  );

  serve("texts", {
    summary: () => ({ read: guard.read, ...findings.counts(), acts: acts.newestFirst() }),
    hidden: async () => hiddenTexts(await guard.readAll(), findings.all()),
    show: (texts) => panel.show(texts),
    plain: async () => plainText(await guard.readAll()),
    restore: () => findings.restore(),
    release: () => findings.undress(),
  });

  return () => {
    stopping.abort();
    link.close();
    findings.undress();
  };
}, "texts");

/** What was done about a comment stands for what is said of the passage in it, where nothing else was done. */
function toldOf(action: PageAction): PageAction {
  const { kind, hostility } = action;
  return kind === "allow" && hostility ? { ...action, ...hostility } : action;
}

/** Does a job some time after it was asked for, once however often that was. */
function afterwards(job: () => void, ms: number): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      job();
    }, ms);
  };
}

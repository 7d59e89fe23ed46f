import { type PageWarning, send, serve } from "../messages.ts";
import { showBanner } from "./banner.ts";
import { FrameNotices } from "./frame-notices.ts";
import { LinkMarks } from "./links.ts";
import { collectFacts } from "./page-facts.ts";
import { takeOver } from "./succession.ts";

/** What a page has to know of its own address, of its links, and of its frames. */
takeOver(() => {
  const stopping = new AbortController();
  const notices = new FrameNotices(stopping.signal);
  new LinkMarks(stopping.signal);
  serve("notice", { warn: showBanner, frame: (notice) => notices.show(notice) });
  if (window === window.top) void arrive();
  return () => stopping.abort();
}, "addresses");

/** The address alone is judged at once, the page when it has loaded and asks for something. */
async function arrive() {
  tell(await ask(null));
  if (document.readyState !== "complete")
    await new Promise((resolve) => addEventListener("load", resolve, { once: true }));
  const facts = collectFacts();
  // Also of a page that was warned of: what it asks for may be reason enough to block it.
  if (facts) tell(await ask(facts));
}

function ask(facts: ReturnType<typeof collectFacts>): Promise<PageWarning | null> {
  return send("guard", "arrive", { facts }).catch(() => null);
}

function tell(warning: PageWarning | null) {
  if (warning) showBanner(warning);
}

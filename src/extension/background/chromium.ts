import { chromium } from "../browser.ts";
import { send } from "../messages.ts";
import { startBackground } from "./background.ts";
import { openJournalDesk } from "./journal-desk.ts";
import { type JudgeHost, NO_JUDGE } from "./judge-host.ts";
import { hideBeforePages } from "./second-layer.ts";

const PAGE = "src/extension/offscreen/index.html";

/** Chrome's service worker has neither Workers nor a document: the judge lives in an offscreen document. */
function offscreenHost(): JudgeHost {
  let opening: Promise<void> | undefined;
  const isOpen = async () => (await chromium?.offscreen.hasDocument()) ?? false;

  async function open() {
    if (await isOpen()) return;
    opening ??= chromium?.offscreen
      .createDocument({
        url: PAGE,
        reasons: ["WORKERS" as chrome.offscreen.Reason],
        justification: "Judges pictures and text with the models in the package, on this machine.",
      })
      .finally(() => {
        opening = undefined;
      });
    await opening;
  }

  return {
    async wake(policy) {
      await open();
      await send("engine", "configure", policy);
    },
    async update(policy) {
      if (await isOpen()) await send("engine", "configure", policy);
    },
    test: (bytes) => send("engine", "test", { bytes }),
    testText: (request) => send("engine", "testText", request),
    forget: () => send("engine", "forget", null),
    state: async () => ((await isOpen()) ? send("engine", "state", null) : NO_JUDGE),
    checkGpu: (request) => send("engine", "checkGpu", request),
    tryPack: (file) => send("engine", "tryPack", file),
    measure: () => send("engine", "measure", null),
  };
}

startBackground(offscreenHost(), openJournalDesk());
hideBeforePages();

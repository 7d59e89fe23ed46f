import { t } from "../browser.ts";
import { serve } from "../messages.ts";
import { ImageGuard } from "./images.ts";
import { JudgeLink } from "./link.ts";
import { takeOver } from "./succession.ts";
import { Acts, countPictures } from "./summary.ts";
import { TextGuard } from "./texts.ts";
import { sweep } from "./veil.ts";

takeOver(() => {
  // Once the extension is gone, its words cannot be had any more.
  const orphaned = t("orphaned");
  const unreachable = t("heldTitle", t("reasonFailure"));
  const acts = new Acts();
  const stopping = new AbortController();
  sweep();

  const link = new JudgeLink({
    onActions(actions) {
      images.onActions(actions);
      texts.onActions(actions);
      acts.add(actions, Date.now());
    },
    onUnreachable: (ids, isOrphaned) => images.hold(ids, isOrphaned ? orphaned : unreachable),
  });
  const images = new ImageGuard((sightings) => link.submit(sightings), stopping.signal);
  const texts = new TextGuard((sightings) => link.submit(sightings));

  const observer = new MutationObserver((records) => {
    images.onMutations(records);
    texts.onMutations(records);
  });
  observer.observe(document, {
    childList: true,
    characterData: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["src", "srcset", "sizes", "data-wardlight"],
  });

  serve("page", {
    summary: () => ({
      contentType: document.contentType,
      pictures: countPictures(document.images),
      texts: texts.count(),
      acts: acts.newestFirst(),
    }),
  });

  return () => {
    stopping.abort();
    observer.disconnect();
    link.close();
    images.undress();
  };
});

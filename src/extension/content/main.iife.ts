import { t } from "../browser.ts";
import { serve } from "../messages.ts";
import { ImageGuard } from "./images.ts";
import { JudgeLink } from "./link.ts";
import { Acts, countPictures } from "./summary.ts";
import { TextGuard } from "./texts.ts";

const acts = new Acts();
const link = new JudgeLink({
  onActions(actions) {
    images.onActions(actions);
    texts.onActions(actions);
    acts.add(actions, Date.now());
  },
  onUnreachable(ids, isOrphaned) {
    images.hold(ids, isOrphaned ? t("orphaned") : t("heldTitle", t("reasonFailure")));
  },
});
const images = new ImageGuard((sightings) => link.submit(sightings));
const texts = new TextGuard((sightings) => link.submit(sightings));

new MutationObserver((records) => {
  images.onMutations(records);
  texts.onMutations(records);
}).observe(document, {
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

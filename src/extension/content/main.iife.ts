import { t } from "../browser.ts";
import { serve } from "../messages.ts";
import { ImageGuard } from "./images.ts";
import { JudgeLink } from "./link.ts";
import { takeOver } from "./succession.ts";
import { Acts, countPictures } from "./summary.ts";
import { TextGuard } from "./texts.ts";
import { Trees } from "./trees.ts";
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
  const trees: Trees = new Trees(
    (tree) => images.enter(tree, stopping.signal),
    (records) => {
      images.onRecords(records);
      texts.onMutations(records.filter(({ target }) => target.getRootNode() === document));
    },
  );
  const images = new ImageGuard(link, trees, stopping.signal);
  const texts = new TextGuard((sightings) => link.submit(sightings));
  trees.start();

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
    link.close();
    images.undress();
    trees.stop();
  };
});

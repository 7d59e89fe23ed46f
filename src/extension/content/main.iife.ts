import { send, serve } from "../messages.ts";
import { addressOf, isFrame } from "./elements.ts";
import { Explainer } from "./explain.ts";
import { ImageGuard } from "./images.ts";
import { lastWords, learnLastWords } from "./last-words.ts";
import { JudgeLink } from "./link.ts";
import { MovingGuard } from "./moving.ts";
import { takeOver } from "./succession.ts";
import { Acts, countPictures } from "./summary.ts";
import { type Tree, Trees } from "./trees.ts";
import { sweep, veiled } from "./veil.ts";

takeOver(() => {
  learnLastWords();
  const acts = new Acts();
  const stopping = new AbortController();
  sweep();

  const link = new JudgeLink({
    onActions(actions) {
      images.onActions(actions);
      moving.onActions(actions);
      acts.add(actions, Date.now());
    },
    onUnreachable(ids, isOrphaned) {
      const title = isOrphaned ? lastWords().orphaned : lastWords().unreachable;
      images.hold(ids, title);
      moving.hold(ids, { look: "hide", title, mayReveal: true });
    },
  });
  const trees: Trees = new Trees(
    (tree) => {
      images.enter(tree, stopping.signal);
      moving.add(tree);
    },
    (records, added) => {
      images.onRecords(records, added);
      moving.onMutations(records, added);
    },
  );
  const images = new ImageGuard(link, trees, stopping.signal);
  const moving = new MovingGuard((sightings) => link.submit(sightings), stopping.signal);
  const reveal = (element: Element) => {
    if (isFrame(element)) void send("guard", "reveal", addressOf(element));
    return moving.reveal(element) || images.reveal(element);
  };
  new Explainer(
    { reveal, dispute: (id) => link.dispute(id), allowSite: () => send("guard", "allowSite", null) },
    stopping.signal,
  );
  trees.start();

  serve("page", {
    summary: () => ({
      contentType: document.contentType,
      pictures: countPictures(imagesIn(trees.all()), [
        moving.count(),
        ...trees.all().map((tree) => images.count(tree)),
      ]),
      acts: acts.newestFirst(),
    }),
    release: () => veiled().forEach(reveal),
    reveal: (address) => {
      if (document.contentType.startsWith("image/") && location.href === address) veiled().forEach(reveal);
    },
  });

  return () => {
    stopping.abort();
    link.close();
    images.undress();
    trees.stop();
    moving.undress();
  };
});

function imagesIn(trees: readonly Tree[]): HTMLImageElement[] {
  return trees.flatMap((tree) => [...tree.querySelectorAll("img")]);
}

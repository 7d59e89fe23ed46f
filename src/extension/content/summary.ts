import { MAX_ACTS, type PageAct, type PageAction, type PageSummary } from "../messages.ts";

/** Remembers what was done to the page, for whoever asks; it goes with the page. */
export class Acts {
  /** By the subject's id, since an answer can come twice. Oldest first. */
  readonly #acts = new Map<string, PageAct>();

  add(actions: readonly PageAction[], at: number): void {
    for (const { id, kind, category, reason, mayReveal, subject, label, score } of actions) {
      if (kind === "allow" || this.#acts.has(id)) continue;
      this.#acts.set(id, { kind, category, reason, mayReveal, subject, label, score, at });
    }
    for (const id of [...this.#acts.keys()].slice(0, -MAX_ACTS)) this.#acts.delete(id);
  }

  newestFirst(): PageAct[] {
    return [...this.#acts.values()].reverse();
  }
}

type Counts = PageSummary["pictures"];

/**
 * How the page's pictures stand now, by the marks that decide what is painted. A picture that is not even loaded, since
 * it lies far below, does not wait.
 */
export function countPictures(images: Iterable<HTMLImageElement>, others?: Counts): Counts {
  const counts = { shown: 0, waiting: 0, veiled: 0, ...others };
  for (const image of images) {
    const mark = image.getAttribute("data-wardlight");
    const isLoading = (image.currentSrc || image.src) !== "" && (image.complete || image.loading !== "lazy");
    if (mark === "shown") counts.shown++;
    else if (mark) counts.veiled++;
    else if (isLoading) counts.waiting++;
  }
  return counts;
}

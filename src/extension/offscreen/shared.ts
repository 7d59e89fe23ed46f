import type { Wish } from "./turns.ts";

/** Somebody who waits, until the signal says that they no longer do. */
export interface Asker {
  readonly wish: Wish;
  readonly signal: AbortSignal;
}

interface Work<T> {
  readonly askers: Set<Asker>;
  readonly controller: AbortController;
  readonly result: Promise<T>;
}

/**
 * Work of which each piece is done once, however many wait for it: who comes later joins. It is as urgent as the one in
 * the greatest hurry wants it, and is ended when nobody waits any more.
 */
export class Shared<T> {
  readonly #works = new Map<string, Work<T>>();

  /** Rejects with the asker's own reason when they leave. */
  join(key: string, asker: Asker, start: (asker: Asker) => Promise<T>): Promise<T> {
    if (asker.signal.aborted) return Promise.reject(asker.signal.reason);
    const work = this.#works.get(key) ?? this.#begin(key, asker, start);
    work.askers.add(asker);
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        reject(asker.signal.reason);
        work.askers.delete(asker);
        if (work.askers.size > 0) return;
        this.#end(key, work);
        work.controller.abort(asker.signal.reason);
      };
      asker.signal.addEventListener("abort", leave, { once: true });
      const settled = () => asker.signal.removeEventListener("abort", leave);
      work.result.then(resolve, reject).finally(settled);
    });
  }

  #begin(key: string, first: Asker, start: (asker: Asker) => Promise<T>): Work<T> {
    const askers = new Set<Asker>([first]);
    const controller = new AbortController();
    const wish: Wish = {
      owner: first.wish.owner,
      get urgency() {
        let soonest = Number.POSITIVE_INFINITY;
        for (const { wish } of askers) soonest = Math.min(soonest, wish.urgency);
        return soonest;
      },
    };
    const result = start({ wish, signal: controller.signal });
    const work = { askers, controller, result };
    this.#works.set(key, work);
    const end = () => this.#end(key, work);
    result.then(end, end);
    return work;
  }

  #end(key: string, work: Work<T>) {
    if (this.#works.get(key) === work) this.#works.delete(key);
  }
}

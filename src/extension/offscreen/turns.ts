/** What somebody wants soon; read anew at each choice, so that it may change while it waits. */
export interface Wish {
  /** Whose it is; owners take turns. */
  readonly owner: object;
  /** The lower, the sooner. */
  readonly urgency: number;
}

interface Waiting {
  readonly wish: Wish;
  start(): void;
}

/**
 * Lets a bounded number of jobs run at a time. The most urgent goes first; among equals the owner that was served longest
 * ago, so that a page with thousands of pictures does not keep another waiting; of one owner's, the one that came first.
 */
export class Turns {
  readonly #limit: number;
  readonly #perOwner: number;
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<object, number>();
  readonly #servedAt = new WeakMap<object, number>();
  #count = 0;
  #served = 0;

  /** @param perOwner at most so many of one owner's run at a time. */
  constructor(limit: number, perOwner = limit) {
    this.#limit = limit;
    this.#perOwner = perOwner;
  }

  /** Rejects with the signal's reason when it is aborted before the job's turn; the job itself has to heed it later. */
  async take<T>(wish: Wish, signal: AbortSignal, job: () => Promise<T>): Promise<T> {
    // The owner may change hands while the job runs.
    const { owner } = wish;
    await this.#turn(wish, owner, signal);
    try {
      return await job();
    } finally {
      this.#count--;
      const left = (this.#running.get(owner) ?? 0) - 1;
      if (left > 0) this.#running.set(owner, left);
      else this.#running.delete(owner);
      this.#next();
    }
  }

  #turn(wish: Wish, owner: object, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason);
      };
      const start = () => {
        signal.removeEventListener("abort", leave);
        this.#count++;
        this.#running.set(owner, (this.#running.get(owner) ?? 0) + 1);
        this.#servedAt.set(owner, ++this.#served);
        resolve();
      };
      const waiting = {
        wish: {
          owner,
          get urgency() {
            return wish.urgency;
          },
        },
        start,
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  #next() {
    while (this.#count < this.#limit) {
      const best = this.#best();
      if (best === undefined) return;
      this.#waiting.splice(best, 1)[0]?.start();
    }
  }

  #best(): number | undefined {
    let best: number | undefined;
    let [urgency, servedAt] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 0; i < this.#waiting.length; i++) {
      const { wish } = this.#waiting[i] as Waiting;
      if ((this.#running.get(wish.owner) ?? 0) >= this.#perOwner) continue;
      const its = this.#servedAt.get(wish.owner) ?? 0;
      const isSooner = wish.urgency < urgency || (wish.urgency === urgency && its < servedAt);
      if (isSooner) [best, urgency, servedAt] = [i, wish.urgency, its];
    }
    return best;
  }
}

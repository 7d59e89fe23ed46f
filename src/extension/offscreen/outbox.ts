import type { JournalEvent } from "../../core/report/journal.ts";

const GATHER_MS = 200;
const BATCH = 200;
/** What a journal that takes nothing may cost of memory: the oldest go first. */
const MAX_WAITING = 5_000;
const RETRY_MS = [500, 2_000, 10_000] as const;

/**
 * Holds every event until the journal has acknowledged it after commit, and sends it again until then. The journal
 * stores an id once, so a lost acknowledgement costs nothing.
 */
export class Outbox {
  readonly #record: (events: readonly JournalEvent[]) => Promise<void>;
  readonly #waiting: JournalEvent[] = [];
  #isScheduled = false;
  #failures = 0;
  #isSending = false;

  constructor(record: (events: readonly JournalEvent[]) => Promise<void>) {
    this.#record = record;
  }

  add(event: JournalEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length > MAX_WAITING && !this.#isSending) this.#waiting.shift();
    this.#schedule(GATHER_MS);
  }

  #schedule(delayMs: number) {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => this.#flush(), delayMs);
  }

  async #flush() {
    const batch = this.#waiting.slice(0, BATCH);
    this.#isSending = true;
    try {
      await this.#record(batch);
      this.#waiting.splice(0, batch.length);
      this.#failures = 0;
    } catch (error) {
      console.warn("The journal did not take a batch of events; it will be sent again.", error);
      this.#failures++;
    }
    this.#isSending = false;
    this.#isScheduled = false;
    if (this.#waiting.length > 0) this.#schedule(RETRY_MS[Math.min(this.#failures, RETRY_MS.length) - 1] ?? GATHER_MS);
  }
}

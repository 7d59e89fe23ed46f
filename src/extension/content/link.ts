import { browser, type Runtime } from "../browser.ts";
import {
  JUDGE_PORT,
  type PageAction,
  type Sighting,
  send,
  type ToJudge,
  type ToPage,
  type Urgency,
} from "../messages.ts";
import { batchesOf } from "./batches.ts";
import { isOrphaned } from "./succession.ts";

const READY_WITHIN_MS = 1_500;
/** A background that dies meanwhile takes its answer along. */
const WOKEN_WITHIN_MS = 10_000;
const WAITING_EVERY_MS = 1_000;
const RETRY_MS = [50, 250, 1_000, 2_500, 5_000] as const;
/** After this many attempts the page is told; attempts go on. */
const PATIENCE = 4;
/** What was with the judge each of this many times that it died is not put before it again: it may be the cause. */
const MAX_SENDS = 5;

interface Wish {
  readonly id: string;
  readonly urgency: Urgency;
}

export interface LinkHandlers {
  onActions(actions: readonly PageAction[]): void;
  /** The judge cannot be reached, and these subjects are without a verdict; `isOrphaned` when it never will be. */
  onUnreachable(ids: readonly string[], isOrphaned: boolean): void;
}

/**
 * One port to the judge, opened with the first subject and kept through everything that can befall it: the judge not
 * yet awake, its death, and the back/forward cache, after which an old port swallows messages without a word. Every
 * unanswered subject is sent again after a reconnection; ids make that harmless.
 */
export class JudgeLink {
  readonly #handlers: LinkHandlers;
  readonly #unanswered = new Map<string, { sighting: Sighting; sends: number }>();
  readonly #disputes = new Set<string>();
  #port: Runtime.Port | undefined;
  #isReady = false;
  #isClosed = false;
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(handlers: LinkHandlers) {
    this.#handlers = handlers;
    addEventListener("pagehide", () => this.#drop());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#revive());
  }

  submit(sightings: readonly Sighting[]): void {
    if (this.#isClosed) return;
    for (const sighting of sightings) this.#unanswered.set(sighting.id, { sighting, sends: 0 });
    this.#heartbeat ??= setInterval(() => this.#isReady && this.#post({ kind: "waiting" }), WAITING_EVERY_MS);
    if (isOrphaned()) this.#recover();
    else if (this.#isReady) this.#send(sightings);
    else if (!this.#port && this.#attempts === 0) this.#connect();
  }

  /** Nobody waits for these any more. */
  withdraw(ids: readonly string[]): void {
    for (const id of ids) this.#unanswered.delete(id);
    if (this.#unanswered.size === 0) this.#rest();
    if (this.#isReady) this.#post({ kind: "withdraw", ids });
  }

  /** What the user scrolls to comes first; also in what is sent again after a reconnection. */
  hasten(wishes: readonly Wish[]): void {
    for (const { id, urgency } of wishes) {
      const entry = this.#unanswered.get(id);
      if (entry?.sighting.kind === "image") entry.sighting = { ...entry.sighting, urgency };
    }
    if (this.#isReady) this.#post({ kind: "hasten", wishes });
  }

  /** The user's word on a verdict goes out as soon as somebody listens. */
  dispute(id: string): void {
    this.#disputes.add(id);
    if (this.#isReady) this.#sendDisputes();
    else if (!this.#port) this.#connect();
  }

  /** For good: nothing is submitted and nobody told any more. */
  close(): void {
    this.#isClosed = true;
    this.#unanswered.clear();
    this.#drop();
    this.#rest();
  }

  #rest() {
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
  }

  #connect() {
    if (isOrphaned()) return this.#recover();
    const port = connected();
    if (!port) return this.#recover();
    this.#port = port;
    port.onMessage.addListener((message) => port === this.#port && this.#receive(message as ToPage));
    port.onDisconnect.addListener(() => {
      // Reading the reason keeps it out of the page's console: a sleeping judge is no error.
      void browser.runtime.lastError;
      if (port === this.#port) this.#recover();
    });
    this.#timer = setTimeout(() => this.#recover(), READY_WITHIN_MS);
  }

  #receive(message: ToPage) {
    if (message.kind === "ready") {
      clearTimeout(this.#timer);
      this.#isReady = true;
      this.#attempts = 0;
      this.#sendDisputes();
      this.#send(Array.from(this.#unanswered.values(), ({ sighting }) => sighting));
    } else this.#answer(message.actions);
  }

  #sendDisputes() {
    for (const id of this.#disputes) this.#post({ kind: "dispute", id });
    this.#disputes.clear();
  }

  #answer(actions: readonly PageAction[]) {
    for (const { id } of actions) this.#unanswered.delete(id);
    if (this.#unanswered.size === 0) this.#rest();
    this.#handlers.onActions(actions);
  }

  #send(sightings: readonly Sighting[]) {
    const isSpent = ({ id }: Sighting) => (this.#unanswered.get(id)?.sends ?? 0) >= MAX_SENDS;
    const spent = sightings.filter(isSpent);
    if (spent.length > 0) this.#answer(spent.map(withoutVerdict));
    for (const batch of batchesOf(sightings.filter((sighting) => !isSpent(sighting)))) {
      for (const { id } of batch) {
        const entry = this.#unanswered.get(id);
        if (entry) entry.sends++;
      }
      this.#post({ kind: "judge", sightings: batch });
    }
  }

  #post(message: ToJudge) {
    try {
      this.#port?.postMessage(message);
    } catch {
      this.#recover();
    }
  }

  /** Asks the background for a judge and connects anew, ever more slowly; rests while nothing waits for an answer. */
  #recover() {
    this.#drop();
    if (this.#unanswered.size === 0) return;
    this.#attempts++;
    if (this.#attempts >= PATIENCE || isOrphaned()) this.#tellUnreachable();
    if (isOrphaned()) return this.#rest();
    const delay = RETRY_MS[Math.min(this.#attempts, RETRY_MS.length) - 1];
    this.#timer = setTimeout(() => this.#awaken(this.#attempts), delay);
  }

  /** One answer counts: the background's, or that there was none in time. */
  #awaken(attempt: number) {
    const isWaited = () => attempt === this.#attempts && !this.#port && !this.#isClosed;
    this.#timer = setTimeout(() => this.#recover(), WOKEN_WITHIN_MS);
    wake().then(
      () => isWaited() && this.#reconnect(),
      () => isWaited() && this.#recover(),
    );
  }

  #reconnect() {
    clearTimeout(this.#timer);
    this.#connect();
  }

  #revive() {
    this.#drop();
    this.#attempts = 0;
    if (this.#unanswered.size > 0) this.#connect();
  }

  #drop() {
    clearTimeout(this.#timer);
    const port = this.#port;
    this.#port = undefined;
    this.#isReady = false;
    port?.disconnect();
  }

  #tellUnreachable() {
    this.#handlers.onUnreachable([...this.#unanswered.keys()], isOrphaned());
  }
}

/** Undefined where the extension is gone in the meantime, and the call itself throws. */
function connected(): Runtime.Port | undefined {
  try {
    return browser.runtime.connect({ name: JUDGE_PORT });
  } catch {
    return undefined;
  }
}

/** Rejects also where the extension is gone in the meantime, and the call itself throws. */
async function wake(): Promise<void> {
  await send("guard", "wake", null);
}

/** What the policy does by default with what cannot be judged. */
function withoutVerdict({ id, kind }: Sighting): PageAction {
  const action = kind === "image" ? "hide" : "allow";
  const nothing = { category: "unknown", reason: "failure", label: "", score: 0, spans: [] } as const;
  return { id, subject: kind, kind: action, mayReveal: true, ...nothing };
}

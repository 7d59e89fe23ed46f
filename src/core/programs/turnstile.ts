import { WardlightError } from "../errors.ts";
import type { Moment } from "../types.ts";

export interface Pace {
  /** Questions a second that one program may ask for long. */
  readonly perSecond: number;
  /** So many at a stroke, if it was silent before. */
  readonly burst: number;
  /** So many of them may wait for their answer. */
  readonly atOnce: number;
}

/** What a machine bears beside its user: a picture takes some 100 ms of a processor, a text or an address a few. */
export const PACE: Pace = { perSecond: 20, burst: 60, atOnce: 8 };

/** Too much was asked; `afterMs` says when one more question is taken. */
export class BusyError extends WardlightError {
  readonly afterMs: number;

  constructor(afterMs: number) {
    super("resource", `Too many questions at once: ask again in ${Math.ceil(afterMs / 1000)} s.`);
    this.name = "BusyError";
    this.afterMs = afterMs;
  }
}

interface Meter {
  readonly tokens: number;
  readonly at: Moment;
  readonly inside: number;
}

/** Lets programs in one question at a time, each at the same pace (a token bucket), so that none can take the machine. */
export class Turnstile {
  readonly #pace: Pace;
  readonly #meters = new Map<string, Meter>();

  constructor(pace = PACE) {
    this.#pace = pace;
  }

  /**
   * Answers what is to be called when the question is answered.
   * @throws BusyError where the program has to wait.
   */
  enter(program: string, at: Moment): () => void {
    const { perSecond, burst, atOnce } = this.#pace;
    const { tokens, inside } = this.#meterAt(program, at);
    if (tokens < 1) throw new BusyError(((1 - tokens) / perSecond) * 1000);
    if (inside >= atOnce) throw new BusyError(1000);
    this.#meters.set(program, { tokens: Math.min(burst, tokens) - 1, at, inside: inside + 1 });
    return () => this.#leave(program);
  }

  #meterAt(program: string, at: Moment): Meter {
    const { perSecond, burst } = this.#pace;
    const meter = this.#meters.get(program) ?? { tokens: burst, at, inside: 0 };
    // A clock that was set back gives nothing.
    const grown = meter.tokens + (Math.max(0, at - meter.at) / 1000) * perSecond;
    return { ...meter, tokens: Math.min(burst, grown) };
  }

  #leave(program: string) {
    const meter = this.#meters.get(program);
    if (meter) this.#meters.set(program, { ...meter, inside: meter.inside - 1 });
  }
}

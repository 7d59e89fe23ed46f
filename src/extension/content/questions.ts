import type { Pixels } from "../../core/types.ts";
import type { PageAction, Sighting } from "../messages.ts";
import { addressedOf } from "./reading.ts";
import { type Fate, fateOf } from "./veil.ts";

type Submit = (sightings: readonly Sighting[]) => void;
type OnAnswer = (fate: Fate, action?: PageAction) => void;

/** What was asked about things that move, and who waits for the answer. */
export class Questions {
  readonly #submit: Submit;
  readonly #waiting = new Map<string, OnAnswer>();
  #lastId = 0;

  constructor(submit: Submit) {
    this.#submit = submit;
  }

  /** @param src names in the journal what the pixels are of. */
  askAboutPixels(pixels: Pixels, src: string, onAnswer: OnAnswer): void {
    this.ask((id) => ({ ...addressedOf(id, src), pixels, urgency: 0 }), onAnswer);
  }

  ask(sight: (id: string) => Sighting | Promise<Sighting>, onAnswer: OnAnswer): void {
    const id = `m${++this.#lastId}`;
    this.#waiting.set(id, onAnswer);
    void Promise.resolve(sight(id)).then((sighting) => this.#submit([sighting]));
  }

  onActions(actions: readonly PageAction[]): void {
    for (const action of actions) {
      const onAnswer = this.#waiting.get(action.id);
      this.#waiting.delete(action.id);
      onAnswer?.(fateOf(action), action);
    }
  }

  /** Gives everyone who waits under these ids a fate for the time being. */
  hold(ids: readonly string[], fate: Fate): void {
    for (const id of ids) this.#waiting.get(id)?.(fate);
  }
}

import type { Draft } from "../../core/types.ts";
import type { PageAction, Sighting } from "../messages.ts";
import { JudgeLink } from "./link.ts";

type Context = "prompt" | "paste";

/** Longer texts are judged in pieces, which overlap by more than anything that is looked for is long. */
const PIECE_CHARS = 50_000;
const OVERLAP_CHARS = 1_000;
const MAX_REMEMBERED = 32;

/** Asks the judge about what the user is about to send, and remembers its last answers. */
export class DraftJudge {
  readonly #link: JudgeLink;
  readonly #waiting = new Map<string, (action: PageAction) => void>();
  readonly #answers = new Map<string, Draft>();
  readonly #asked = new Map<string, Promise<Draft>>();
  #lastId = 0;
  /** Whether the policy would have anything held; undefined until the judge has spoken. */
  mayHold: boolean | undefined;

  constructor() {
    this.#link = new JudgeLink({
      onActions: (actions) => {
        for (const action of actions) {
          this.mayHold = action.draft?.mayHold ?? this.mayHold;
          this.#waiting.get(action.id)?.(action);
          this.#waiting.delete(action.id);
        }
      },
      onUnreachable() {},
    });
  }

  /** What is known already of exactly this text. */
  known(text: string, context: Context): Draft | undefined {
    return this.#answers.get(keyOf(text, context));
  }

  /** Never rejects; it may never resolve, where no judge can be reached. */
  async judge(text: string, context: Context): Promise<Draft> {
    const key = keyOf(text, context);
    const known = this.#answers.get(key) ?? this.#asked.get(key);
    if (known) return known;
    const answer = this.#ask(text, context);
    this.#asked.set(key, answer);
    const draft = await answer;
    this.#asked.delete(key);
    this.#answers.set(key, draft);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_REMEMBERED && oldest !== undefined) this.#answers.delete(oldest);
    return draft;
  }

  /** What is known may be of an older policy. */
  forget(): void {
    this.#answers.clear();
  }

  close(): void {
    this.#link.close();
  }

  async #ask(text: string, context: Context): Promise<Draft> {
    const offsets = offsetsIn(text.length);
    const drafts = await Promise.all(
      offsets.map((offset) => this.#askAbout(text.slice(offset, offset + PIECE_CHARS), context)),
    );
    const pieces = drafts.flatMap((draft, i) =>
      draft.pieces.map((piece) => ({
        ...piece,
        start: piece.start + (offsets[i] ?? 0),
        end: piece.end + (offsets[i] ?? 0),
      })),
    );
    const isNew = pieces.map(
      ({ start, end }, i) => !pieces.slice(0, i).some((one) => start < one.end && one.start < end),
    );
    return { mayHold: drafts.some((draft) => draft.mayHold), pieces: pieces.filter((_, i) => isNew[i]) };
  }

  #askAbout(text: string, context: Context): Promise<Draft> {
    const id = `d${++this.#lastId}`;
    const sighting: Sighting = { kind: "text", id, context, text };
    return new Promise((resolve) => {
      this.#waiting.set(id, ({ draft }) => resolve(draft ?? { mayHold: false, pieces: [] }));
      this.#link.submit([sighting]);
    });
  }
}

function keyOf(text: string, context: Context): string {
  return `${context} ${text}`;
}

function offsetsIn(length: number): number[] {
  const step = PIECE_CHARS - OVERLAP_CHARS;
  return Array.from({ length: Math.max(1, Math.ceil((length - OVERLAP_CHARS) / step)) }, (_, i) => i * step);
}

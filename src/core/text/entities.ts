import { softmax } from "../math.ts";
import type { Probability } from "../types.ts";
import types from "./entities.json" with { type: "json" };
import type { Span } from "./normalise.ts";
import type { Token } from "./wordpiece.ts";

/** What the token head says of a token: nothing, or for each type that it begins or goes on. */
export const TOKEN_LABELS = 1 + 2 * types.length;

/** Personal data with its place in the original text. */
export interface Entity extends Span {
  /** One of `entities.json`. */
  readonly type: string;
  /** The mean probability that its words are of the type. */
  readonly score: Probability;
}

/**
 * Reads BIO labels (begin and inside of each type, or outside) as whole words, whose pieces are asked together; a word
 * goes on with the entity before it where its first piece is rather inside than at a beginning.
 * `workshop/encoder/entities.py` does the same.
 * @param logits one row of `TOKEN_LABELS` a token.
 */
export function entitiesOf(tokens: readonly Token[], logits: Float32Array): Entity[] {
  const found: { entity: Entity; words: number }[] = [];
  let before = 0;
  for (let from = 0; from < tokens.length; ) {
    const to = endOfWord(tokens, from);
    const { type, score, isInside } = judge(logits, from, to);
    const [start, end] = [tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0];
    const last = found.at(-1);
    if (type > 0 && type === before && isInside && last) {
      const mean = (last.entity.score * last.words + score) / (last.words + 1);
      found[found.length - 1] = { entity: { ...last.entity, end, score: mean }, words: last.words + 1 };
    } else if (type > 0) found.push({ entity: { start, end, type: types[type - 1] ?? "", score }, words: 1 });
    before = type;
    from = to;
  }
  return found.map(({ entity }) => entity);
}

function endOfWord(tokens: readonly Token[], from: number): number {
  let to = from + 1;
  while (to < tokens.length && tokens[to]?.word === tokens[from]?.word) to++;
  return to;
}

/** Of the tokens of one word: the likeliest type (0 for none) and its probability. */
function judge(logits: Float32Array, from: number, to: number) {
  const mass = new Float64Array(1 + types.length);
  let isInside: (type: number) => boolean = () => false;
  for (let token = from; token < to; token++) {
    const shares = softmax(logits.subarray(token * TOKEN_LABELS, (token + 1) * TOKEN_LABELS));
    const share = (label: number) => shares[label] ?? 0;
    if (token === from) isInside = (type) => share(2 * type) > share(2 * type - 1);
    mass[0] = (mass[0] ?? 0) + share(0);
    for (let type = 1; type < mass.length; type++)
      mass[type] = (mass[type] ?? 0) + share(2 * type - 1) + share(2 * type);
  }
  const type = mass.indexOf(Math.max(...mass));
  return { type, score: (mass[type] ?? 0) / (to - from), isInside: type > 0 && isInside(type) };
}

import { type HiddenText, MAX_HIDDEN, MAX_HIDDEN_CHARS } from "../text-messages.ts";
import type { Found } from "./findings.ts";
import { type Passage, type Piece, passagesOf } from "./passages.ts";

const MIN_CHARS = 12;

/** What no reader sees, passages that give orders to an AI first. */
export function hiddenTexts(pieces: readonly Piece[], found: readonly Found[]): HiddenText[] {
  const markedNodes = new Set(found.flatMap(({ passage }) => passage.parts.map(({ node }) => node)));
  const isMarked = ({ parts }: Passage) => parts.some(({ node }) => markedNodes.has(node));
  const hidden = [...passages(pieces)].filter(
    ({ structure, text }) => structure.concealments.length > 0 && text.trim().length >= MIN_CHARS,
  );
  return hidden
    .map((passage) => ({
      text: passage.text.trim().slice(0, MAX_HIDDEN_CHARS),
      concealments: passage.structure.concealments,
      isMarked: isMarked(passage),
    }))
    .sort((a, b) => Number(b.isMarked) - Number(a.isMarked))
    .slice(0, MAX_HIDDEN);
}

function passages(pieces: readonly Piece[]): Passage[] {
  const steps = passagesOf(pieces);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

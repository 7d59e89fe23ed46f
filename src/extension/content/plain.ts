import { isDrawn, type Piece } from "./passages.ts";

/** Carries no sign of its own, but can carry words that only programs read: tags, zero width, marks of direction. */
const INVISIBLE =
  /[\u00ad\u180e\u200b\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e01ef}]|[\u200c\u200d]{2,}/gu;

/** What a person can read on a page: a paragraph a line, without anything that is hidden. */
export function plainText(pieces: readonly Piece[]): string {
  let text = "";
  let last: Piece | undefined;
  for (const piece of pieces) {
    if (!isDrawn(piece) || piece.concealments.length > 0) continue;
    if (last && last.element !== piece.element) text += "\n";
    text += linesOf(piece);
    last = piece;
  }
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function linesOf({ node, element }: Piece): string {
  const words = withoutInvisible(node.nodeValue ?? "");
  const isBroken = node.previousSibling?.nodeName === "BR";
  return (isBroken ? "\n" : "") + (element.closest("pre") ? words : words.replace(/\s+/g, " "));
}

export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, "");
}

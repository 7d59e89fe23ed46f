import type { Expression } from "../../../src/core/text/expression.ts";

/** How many characters a backtracking matcher looks at when it tries the expression everywhere in the text. */
export function steps(tree: Expression, text: string): number {
  let count = 0;

  const match = (node: Expression, at: number, then: (at: number) => boolean): boolean => {
    switch (node.kind) {
      case "character":
        count++;
        return at < text.length && fits(node.source, text.charAt(at)) && then(at + 1);
      case "condition":
        return holds(node, at) && then(at);
      case "choice":
        return node.options.some((option) => match(option, at, then));
      case "sequence":
        return inOrder(node.parts, 0, at, then);
      case "repeat":
        return repeated(node, 0, at, then);
    }
  };

  const inOrder = (parts: readonly Expression[], index: number, at: number, then: (at: number) => boolean): boolean => {
    const part = parts[index];
    return part === undefined ? then(at) : match(part, at, (next) => inOrder(parts, index + 1, next, then));
  };

  const repeated = (
    node: Extract<Expression, { kind: "repeat" }>,
    times: number,
    at: number,
    then: (at: number) => boolean,
  ): boolean =>
    (times < node.max && match(node.body, at, (next) => next > at && repeated(node, times + 1, next, then))) ||
    (times >= node.min && then(at));

  const holds = ({ source, body }: Extract<Expression, { kind: "condition" }>, at: number): boolean => {
    // What is looked for behind is one character here, or several of the same length.
    if (body && source.startsWith("(?<")) return match(body, at - widthOf(body), () => true) === (source === "(?<=");
    if (body) return match(body, at, () => true) === (source === "(?=");
    const isBoundary = /\w/.test(text.charAt(at - 1)) !== /\w/.test(text.charAt(at));
    if (source === "\\b") return isBoundary;
    if (source === "$") return at === text.length;
    throw new Error(`no rule for ${source}`);
  };

  for (let at = 0; at < text.length; at++) match(tree, at, () => true);
  return count;
}

function widthOf(tree: Expression): number {
  if (tree.kind === "sequence") return tree.parts.reduce((sum, part) => sum + widthOf(part), 0);
  if (tree.kind === "choice") return Math.max(...tree.options.map(widthOf));
  if (tree.kind === "repeat") return tree.max * widthOf(tree.body);
  return tree.kind === "character" ? 1 : 0;
}

/** A text that the expression matches or nearly matches, by its first or its last alternatives, repeated to the full. */
export function sample(tree: Expression, pick: "first" | "last"): string {
  switch (tree.kind) {
    case "character":
      return tree.literal ?? [" ", "a", "1", "x"].find((char) => fits(tree.source, char)) ?? "-";
    case "condition":
      return "";
    case "choice":
      return sample(tree.options.at(pick === "first" ? 0 : -1) ?? { kind: "sequence", parts: [] }, pick);
    case "sequence":
      return tree.parts.map((part) => sample(part, pick)).join("");
    case "repeat":
      return sample(tree.body, pick).repeat(Math.min(tree.max, 6));
  }
}

const classes = new Map<string, RegExp>();

function fits(source: string, char: string): boolean {
  const known = classes.get(source) ?? new RegExp(`^(?:${source})$`, "u");
  classes.set(source, known);
  return known.test(char);
}

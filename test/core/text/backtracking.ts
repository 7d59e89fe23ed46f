import type { Expression } from "../../../src/core/text/expression.ts";

/** How far back a look behind is tried; those of this project look at single characters. */
const FURTHEST = 4;

/**
 * How many characters a backtracking matcher looks at when it tries the expression everywhere in the text; `isGlobal`:
 * not within what it has matched.
 */
export function steps(tree: Expression, text: string, isGlobal = false): number {
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
    if (body) return looksTrue(source, body, at) === /=$/.test(source);
    if (source === "^") return at === 0;
    if (source === "$") return at === text.length;
    return (/\w/.test(text.charAt(at - 1)) !== /\w/.test(text.charAt(at))) === (source === "\\b");
  };

  const looksTrue = (source: string, body: Expression, at: number): boolean => {
    if (!source.startsWith("(?<")) return match(body, at, () => true);
    for (let from = at; from >= Math.max(0, at - FURTHEST); from--)
      if (match(body, from, (end) => end === at)) return true;
    return false;
  };

  for (let at = 0, next = 0; at < text.length; at = Math.max(at + 1, next)) {
    match(tree, at, (end) => {
      next = isGlobal ? end : 0;
      return true;
    });
  }
  return count;
}

/**
 * A text that the expression matches or nearly matches, repeated to the full; `pick` chooses among so many alternatives.
 */
export function sample(tree: Expression, pick: (count: number) => number): string {
  switch (tree.kind) {
    case "character":
      return tree.literal ?? [" ", "a", "1", "x", "A", "."].find((char) => fits(tree.source, char)) ?? "-";
    case "condition":
      return "";
    case "choice":
      return sample(tree.options[pick(tree.options.length)] ?? { kind: "sequence", parts: [] }, pick);
    case "sequence":
      return tree.parts.map((part) => sample(part, pick)).join("");
    case "repeat":
      return sample(tree.body, pick).repeat(Math.min(tree.max, Math.max(6, tree.min)));
  }
}

export const FIRST = () => 0;
export const LAST = (count: number) => count - 1;

const classes = new Map<string, RegExp>();

function fits(source: string, char: string): boolean {
  if (/^\\[1-9]$/.test(source)) return true;
  const known = classes.get(source) ?? new RegExp(`^(?:${source})$`, "u");
  classes.set(source, known);
  return known.test(char);
}

import { type Passage, stretchesOf } from "./passages.ts";

/** A node whose value was replaced: what the page had there, and what it has now. */
export interface Replaced {
  readonly node: Node;
  readonly was: string;
  readonly is: string;
}

/** A stretch of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Puts words in the place of spans of a passage. Nodes stay, so that scripts which hold them go on. What is data and would
 * be none any more is emptied as a whole.
 */
export function neutralise(
  passage: Pick<Passage, "parts" | "structure">,
  spans: readonly Span[],
  words: string,
): Replaced[] {
  const cuts = new Map<Node, Span[]>();
  for (const { start, end } of spans)
    for (const { node, from, to } of stretchesOf(passage, start, end))
      cuts.set(node, [...(cuts.get(node) ?? []), { start: from, end: to }]);
  const isData = passage.structure.concealments.includes("structured-data");
  let isTold = false;
  return [...cuts].map(([node, stretches]) => {
    const was = node.nodeValue ?? "";
    const cut = without(was, stretches, isTold && !isData ? "" : words);
    isTold = true;
    const is = isData && !isJson(cut) ? "{}" : cut;
    node.nodeValue = is;
    return { node, was, is };
  });
}

/** Gives the page its own words back, unless it has changed them since. */
export function restore(replaced: readonly Replaced[]): void {
  for (const { node, was, is } of replaced) if (node.nodeValue === is) node.nodeValue = was;
}

/** Spans that touch or overlap are one; each leaves the words in its place. */
export function without(text: string, spans: readonly Span[], words: string): string {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged.reduceRight((rest, { start, end }) => rest.slice(0, start) + words + rest.slice(end), text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

import type { Finding } from "../../core/types.ts";

/**
 * Where in its text a finding points to: the spans of the first detector that finds something, else of the first that
 * points at all. Expressions come before the linear heads and point to words, where these point to a passage.
 */
export function spansOf({ signals }: Pick<Finding, "signals">) {
  const pointing = signals
    .map(({ score, evidence }) => ({ score, spans: evidence.flatMap((item) => (item.kind === "span" ? [item] : [])) }))
    .filter(({ spans }) => spans.length > 0);
  return (pointing.find(({ score }) => score >= 0.5) ?? pointing[0])?.spans ?? [];
}

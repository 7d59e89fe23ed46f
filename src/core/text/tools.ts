import type { Labels } from "../types.ts";
import table from "./tools.json" with { type: "json" };

const TOOLS: Readonly<Record<string, readonly string[]>> = table;

/** What an assistant would likely reach for: the tools of the likeliest intent, none where there is no intent. */
export function likelyTools({ intent = {} }: Labels): readonly string[] {
  const [likeliest] = Object.entries(intent).sort(([, one], [, other]) => other - one);
  return likeliest ? (TOOLS[likeliest[0]] ?? []) : [];
}

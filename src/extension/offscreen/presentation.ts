import type { Action, Policy, Verdict } from "../../core/types.ts";
import type { PageAction } from "../messages.ts";

/** What the page has to know of a withheld picture to dress it as the user likes, and to tell who withheld it. */
export function presentationOf(
  { kind }: Action,
  { category, signals }: Verdict,
  { cover }: Policy,
): Pick<PageAction, "cover" | "judges"> {
  if (kind === "allow") return {};
  const against = signals.filter((signal) => signal.category === category && signal.score >= 0.5);
  return { cover, judges: [...new Set(against.map(({ detector }) => detector))] };
}

import type { SelfTest } from "../messages.ts";

/** What a self-test shows, the reason that explains the others first. */
export type Outcome = "passed" | "paused" | "failed" | "cardShown" | "controlHidden";

export function outcomeOf({ card, control }: SelfTest): Outcome {
  const results = [card, control];
  if (results.some(({ action }) => action.reason === "paused")) return "paused";
  if (results.some(({ verdict }) => verdict.failure)) return "failed";
  if (lookOf(card) === "shown") return "cardShown";
  return lookOf(control) === "shown" ? "passed" : "controlHidden";
}

/** How a page shows a picture that was judged so: the marks of the content script's style sheet. */
export function lookOf({ action }: SelfTest["card"]): "shown" | "blur" | "hide" {
  if (action.kind === "blur") return "blur";
  return action.kind === "allow" || action.kind === "warn" ? "shown" : "hide";
}

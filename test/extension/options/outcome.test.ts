import { expect, test } from "vitest";
import type { Action, Failure } from "../../../src/core/types.ts";
import type { TestResult } from "../../../src/extension/messages.ts";
import { lookOf, outcomeOf } from "../../../src/extension/options/outcome.ts";

function result(kind: Action["kind"], reason: Action["reason"] = "judged", failure?: Failure): TestResult {
  const verdict = { category: "safe", score: 0.1, uncertainty: 0, consensus: 1, scores: {}, signals: [] } as const;
  return {
    verdict: failure ? { ...verdict, failure } : verdict,
    action: { kind, category: "safe", reason, mayReveal: true },
    latencyMs: 3,
  };
}
const broken = result("hide", "failure", { code: "model", message: "gone" });
const paused = result("allow", "paused");

test.each([
  ["passed", result("blur"), result("allow")],
  ["passed", result("hide"), result("warn")],
  ["cardShown", result("allow"), result("allow")],
  ["cardShown", result("allow"), result("blur")],
  ["controlHidden", result("blur"), result("blur")],
  ["failed", broken, result("allow")],
  ["failed", result("blur"), broken],
  ["paused", paused, paused],
  ["paused", paused, broken],
])("%s", (outcome, card, control) => {
  expect(outcomeOf({ card, control })).toBe(outcome);
});

test("a picture looks as the content script would have it", () => {
  const kinds = ["allow", "warn", "blur", "hide", "block"] as const;
  expect(kinds.map((kind) => lookOf(result(kind)))).toEqual(["shown", "shown", "blur", "hide", "hide"]);
});

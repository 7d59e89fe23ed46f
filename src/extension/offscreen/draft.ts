import { decide } from "../../core/decide.ts";
import { DRAFT_CATEGORIES, type DraftCategory } from "../../core/policy.ts";
import { PII_TYPES } from "../../core/text/pii-types.ts";
import type { Circumstance, Context, Draft, DraftPiece, Finding, Policy, Signal } from "../../core/types.ts";
import { spansOf } from "./spans.ts";

/** What tells little of one person (a date, a country) stays, or nothing could be asked any more. */
const TELLING = 0.4;

export function isDraft(context: Context): boolean {
  return context === "prompt" || context === "paste";
}

/** Each category is decided by itself: a secret does not hide a card number beside it. */
export function draftOf(context: Context, finding: Finding, policy: Policy, circumstance: Circumstance): Draft {
  const pieces = DRAFT_CATEGORIES.flatMap((category) => {
    const about = { ...finding, signals: finding.signals.filter((signal) => signal.category === category) };
    const { kind } = decide({ kind: "text", context }, about, policy, circumstance).action;
    return kind === "warn" || kind === "hold" ? piecesOf(category, about, kind) : [];
  });
  const mayHold = policy.rules.some(
    ({ limits, contexts }) => limits.hold !== undefined && (contexts?.some(isDraft) ?? true),
  );
  return { pieces: pieces.sort((a, b) => a.start - b.start), mayHold };
}

function piecesOf(category: DraftCategory, finding: Finding, action: DraftPiece["action"]): DraftPiece[] {
  return spansOf(finding)
    .filter(({ rule }) => category !== "pii" || (PII_TYPES[rule] ?? 0) >= TELLING)
    .map(({ start, end, rule }) => ({ start, end, type: category === "pii" ? rule : category.toUpperCase(), action }));
}

/** Where the evidence lies, without what stands there. */
export function withoutWords(signals: readonly Signal[]): Signal[] {
  return signals.map((signal) => ({ ...signal, evidence: signal.evidence.filter(({ kind }) => kind === "span") }));
}

/** For the journal, which keeps nothing of what the user wrote: kinds and their numbers alone. */
export function labelOfDraft({ pieces }: Draft): string {
  const types = [...new Set(pieces.map(({ type }) => type))];
  return types.map((type) => `${type} × ${pieces.filter((piece) => piece.type === type).length}`).join(", ");
}

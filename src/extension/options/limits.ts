import { ruleFor } from "../../core/decide.ts";
import { DEFAULT_SETTINGS, LEVELS, type Level, policyOf } from "../../core/policy.ts";
import { ACTION_KINDS, type ActionKind, CATEGORIES, type Category, type SubjectKind } from "../../core/types.ts";

/** From which score on a category leads to which action. */
export interface Limit {
  readonly category: Category;
  readonly action: ActionKind;
  readonly score: number;
}

/** The limits that hold on pages, read from the policy itself. */
function limitsOf(level: Level): Limit[] {
  const policy = policyOf({ ...DEFAULT_SETTINGS, level });
  return CATEGORIES.flatMap((category) => {
    const limits = ruleFor(category, "page", policy)?.limits ?? {};
    return ACTION_KINDS.flatMap((action) => {
      const score = action === "allow" ? undefined : limits[action];
      return score === undefined ? [] : [{ category, action, score }];
    });
  });
}

/** The limits that are the same whatever the level. */
export const SHARED_LIMITS: readonly Limit[] = limitsOf(LEVELS[0]).filter((limit) =>
  LEVELS.every((level) => limitsOf(level).some((other) => isSame(limit, other))),
);

/** The limits that make a level what it is. */
export function ownLimits(level: Level): Limit[] {
  return limitsOf(level).filter((limit) => !SHARED_LIMITS.some((shared) => isSame(limit, shared)));
}

/** What is done about a subject that could not be judged; the same on every level. */
export function failureActions(): (readonly [SubjectKind, ActionKind])[] {
  const { onFailure } = policyOf(DEFAULT_SETTINGS);
  return (["image", "text", "url"] as const).map((kind) => [kind, onFailure[kind]] as const);
}

function isSame(a: Limit, b: Limit): boolean {
  return a.category === b.category && a.action === b.action && a.score === b.score;
}

import { type Decision, decide } from "../../core/decide.ts";
import { suffixesOf } from "../../core/host.ts";
import { HOSTILE_CATEGORIES } from "../../core/page-care.ts";
import type { Circumstance, Context, Finding, Policy } from "../../core/types.ts";
import type { Hostility, PassageWish } from "../text-messages.ts";

/** What was decided about a passage: one text may give orders to an AI and insult its reader. */
export interface PassageDecision {
  /** By everything but hostile words. */
  readonly passage: Decision;
  /** By hostile words alone; absent where nothing is done about them. */
  readonly hostile?: Decision & { readonly action: { readonly kind: Hostility["kind"] } };
}

export function decidePassage(
  context: Context,
  finding: Finding,
  policy: Policy,
  circumstance: Circumstance,
): PassageDecision {
  const isHostile = (category: string) => HOSTILE_CATEGORIES.some((one) => one === category);
  const about = (wanted: boolean) => ({
    ...finding,
    signals: finding.signals.filter(({ category }) => isHostile(category) === wanted),
  });
  const subject = { kind: "text", context } as const;
  const passage = decide(subject, about(false), policy, circumstance);
  const { failure, ...rest } = about(true);
  const { verdict, action } = decide(subject, rest, policy, circumstance);
  const { kind } = action;
  return kind === "blur" || kind === "hide"
    ? { passage, hostile: { verdict, action: { ...action, kind } } }
    : { passage };
}

/** What the page has to know to do as the user wishes. */
export function wishesOf({ passage, hostile }: PassageDecision, { passages }: Policy, { site }: Circumstance) {
  const { highlights, neutralises, markedSites } = passages;
  const marks = suffixesOf(site).some((host) => markedSites.includes(host));
  const wish: PassageWish = { highlights, neutralises, marks };
  return {
    ...(passage.action.kind === "allow" ? {} : { wish }),
    ...(hostile ? { hostility: hostilityOf(hostile) } : {}),
  };
}

function hostilityOf({ verdict, action }: NonNullable<PassageDecision["hostile"]>): Hostility {
  const { kind, category, mayReveal } = action;
  return { kind, category, mayReveal, score: verdict.score };
}

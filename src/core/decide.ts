import { suffixesOf } from "./host.ts";
import { logit, sigmoid, weightedMean } from "./math.ts";
import {
  ACTION_KINDS,
  type Action,
  type ActionKind,
  type Category,
  type Circumstance,
  type Context,
  type Finding,
  type Policy,
  type Probability,
  type Rule,
  type Signal,
  type Subject,
  type Verdict,
} from "./types.ts";

export interface Decision {
  readonly verdict: Verdict;
  readonly action: Action;
}

interface Opinion {
  readonly category: Category;
  readonly score: number;
  readonly uncertainty: number;
  readonly consensus: number;
  readonly isCertain: boolean;
  /** How many detectors give it one half or more. */
  readonly voters: number;
}

/**
 * The whole decision procedure, as ARCHITECTURE.md tells it: exemptions, certainty, weighted vote, limits, failure.
 * Pure; the same finding, policy and circumstance always give the same answer.
 */
export function decide(
  subject: Pick<Subject, "kind" | "context">,
  finding: Finding,
  policy: Policy,
  circumstance: Circumstance,
): Decision {
  const here = { ...policy, rules: rulesOn(circumstance.site, policy) };
  const isGuess = mayGuess(subject, finding, policy);
  const heard = isGuess || !areHintsAlone(finding) ? finding.signals : [];
  const counted = heard.map((signal) => withClasses(signal, subject.context, here));
  const opinions = opinionsOn(counted, policy.weights);
  const wishes = opinions.map((opinion) => ({ opinion, kind: wishFor(opinion, subject.context, here, isGuess) }));
  const strongest = wishes.toSorted(
    (a, b) => severity(b.kind) - severity(a.kind) || b.opinion.score - a.opinion.score,
  )[0];
  const verdict = verdictOf(strongest, opinions, finding);
  return { verdict, action: act(subject, verdict, strongest, policy, circumstance, finding.isDisputed, isGuess) };
}

function rulesOn(site: string, { rules }: Policy): readonly Rule[] {
  const hosts = suffixesOf(site);
  return rules.filter(({ exceptOn = [] }) => !hosts.some((host) => exceptOn.includes(host)));
}

/** A picture on which only hints could speak, where the user lets them decide rather than nobody. */
function mayGuess({ kind }: Pick<Subject, "kind">, finding: Finding, { fallback }: Policy): boolean {
  return kind === "image" && finding.failure !== undefined && fallback === "heuristic" && areHintsAlone(finding);
}

function areHintsAlone({ signals }: Finding): boolean {
  return signals.length > 0 && signals.every(({ isHint }) => isHint);
}

/** The signal as the rule for its category counts it: with the probability of further classes. */
function withClasses(signal: Signal, context: Context, policy: Policy): Signal {
  const { classes = [] } = ruleFor(signal.category, context, policy) ?? {};
  const added = signal.evidence.reduce(
    (sum, item) => (item.kind === "class" && classes.includes(item.name) ? sum + item.score : sum),
    0,
  );
  return added > 0 ? { ...signal, score: Math.min(1, signal.score + added) } : signal;
}

/** The rule that holds for a category in a context: the first that fits. */
export function ruleFor(category: Category, context: Context, policy: Policy): Rule | undefined {
  return policy.rules.find((rule) => rule.category === category && (rule.contexts?.includes(context) ?? true));
}

/** An opinion and the action that the policy's limits ask for. */
interface Wish {
  readonly opinion: Opinion;
  readonly kind: ActionKind;
}

/** Why the user wants nothing judged here and now, if so. */
export function exemptionOf(policy: Policy, { site, at }: Circumstance): "paused" | "allowlisted" | undefined {
  if (policy.pausedUntil !== null && at < policy.pausedUntil) return "paused";
  return suffixesOf(site).some((host) => policy.allowlist.includes(host)) ? "allowlisted" : undefined;
}

/** The user may trust an address without trusting what it shows. */
function vouchedFor({ kind }: Pick<Subject, "kind">, { trustedAddresses }: Policy, { site }: Circumstance) {
  const isTrusted = kind === "url" && suffixesOf(site).some((host) => trustedAddresses.includes(host));
  return isTrusted ? ("allowlisted" as const) : undefined;
}

/** Where the user wants to write undisturbed. */
function unwatched({ context }: Pick<Subject, "context">, { quietSites }: Policy, { site }: Circumstance) {
  const isDraft = context === "prompt" || context === "paste";
  return isDraft && suffixesOf(site).some((host) => quietSites.includes(host)) ? ("allowlisted" as const) : undefined;
}

function act(
  subject: Pick<Subject, "kind" | "context">,
  verdict: Verdict,
  strongest: Wish | undefined,
  policy: Policy,
  circumstance: Circumstance,
  isDisputed: boolean | undefined,
  isGuess: boolean,
): Action {
  const { category } = verdict;
  const exemption =
    exemptionOf(policy, circumstance) ??
    vouchedFor(subject, policy, circumstance) ??
    unwatched(subject, policy, circumstance) ??
    (isDisputed && policy.mayReveal ? "disputed" : undefined);
  if (exemption) return { kind: "allow", category, reason: exemption, mayReveal: true };
  const kind = strongest?.kind ?? "allow";
  if (isGuess) return { kind, category, reason: "heuristic", mayReveal: policy.mayReveal };
  const reason = strongest?.opinion.isCertain ? "certain" : "judged";
  if (!verdict.failure) return { kind, category, reason, mayReveal: policy.mayReveal };
  const onFailure = policy.onFailure[subject.kind];
  return severity(onFailure) > severity(kind)
    ? { kind: onFailure, category, reason: "failure", mayReveal: policy.mayReveal }
    : { kind, category, reason, mayReveal: policy.mayReveal };
}

function verdictOf(strongest: Wish | undefined, opinions: readonly Opinion[], finding: Finding): Verdict {
  const { signals, labels, failure } = finding;
  const scores = Object.fromEntries(opinions.map(({ category, score }) => [category, score]));
  const rest = { scores, signals, ...(labels ? { labels } : {}), ...(failure ? { failure } : {}) };
  const harmless = failure ? "unknown" : "safe";
  if (!strongest) return { category: harmless, score: 0, uncertainty: 0, consensus: 1, ...rest };
  const { category, score, uncertainty, consensus } = strongest.opinion;
  const isNamed = score >= 0.5 || strongest.kind !== "allow";
  return { category: isNamed ? category : harmless, score, uncertainty, consensus, ...rest };
}

/** One opinion a category; exact knowledge outvotes everything. */
function opinionsOn(signals: readonly Signal[], weights: Policy["weights"]): Opinion[] {
  const categories = [...new Set(signals.map((signal) => signal.category))];
  return categories.map((category) =>
    opinionOf(
      category,
      signals.filter((signal) => signal.category === category),
      weights,
    ),
  );
}

function opinionOf(category: Category, votes: readonly Signal[], weights: Policy["weights"]): Opinion {
  const certain = votes.filter((vote) => vote.isCertain);
  const counted = certain.length > 0 ? certain : votes;
  const score = scoreOf(counted, weights);
  const probabilities = counted.map((vote) => vote.score);
  const counts = counted.map((vote) => countOf(vote, weights));
  const mean = weightedMean(probabilities, counts);
  const variance = weightedMean(
    probabilities.map((p) => (p - mean) ** 2),
    counts,
  );
  const agreeing = probabilities.map((p) => (p >= 0.5 === score >= 0.5 ? 1 : 0));
  return {
    category,
    score,
    uncertainty: Math.sqrt(variance),
    consensus: weightedMean(agreeing, counts),
    isCertain: certain.length > 0,
    voters: new Set(counted.filter(({ score: p, isHint }) => p >= 0.5 && !isHint).map((vote) => vote.detector)).size,
  };
}

/**
 * Models vote, and hints with them; a rule finds and does not acquit, so the strongest one stands beside the vote and the
 * higher counts.
 */
function scoreOf(votes: readonly Signal[], weights: Policy["weights"]): Probability {
  const mayVote = ({ model, isHint }: Signal) => model !== undefined || isHint === true;
  const models = votes.filter(mayVote);
  const rules = votes.filter((vote) => !mayVote(vote)).map((vote) => vote.score);
  if (models.length === 0) return Math.max(...rules);
  const counts = models.map((vote) => countOf(vote, weights));
  const vote = sigmoid(
    weightedMean(
      models.map(({ score }) => logit(score)),
      counts,
    ),
  );
  return Math.max(vote, ...rules);
}

function countOf({ detector, weight = 1 }: Signal, weights: Policy["weights"]): number {
  return weight * (weights[detector] ?? 1);
}

/** The severest action whose limit is met by enough voters; a block needs certainty or two. */
function wishFor(opinion: Opinion, context: Context, policy: Policy, isGuess: boolean): ActionKind {
  const { category, score, isCertain, voters } = opinion;
  const { limits = {}, voters: needed = 0 } = ruleFor(category, context, policy) ?? {};
  const met = ACTION_KINDS.findLast((kind) => kind !== "allow" && score >= (limits[kind] ?? Number.POSITIVE_INFINITY));
  if (met === undefined || (voters < needed && !isCertain && !isGuess)) return "allow";
  return met === "block" && voters < 2 && !isCertain ? "hide" : met;
}

function severity(kind: ActionKind): number {
  return ACTION_KINDS.indexOf(kind);
}

import { type Decision, ruleFor } from "../decide.ts";
import { WardlightError } from "../errors.ts";
import type { Context, Policy, Probability } from "../types.ts";
import { type KnownModels, type Question, questionOf, type TextModel } from "./questions.ts";

/**
 * How a picture stands, by the probability that it is sexual: `none` below .1, `low` below one half, `medium` from there
 * on where it is not withheld, `high` where the policy withholds it, `critical` where it does so at .9 or more.
 */
export const THREAT_LEVELS = ["none", "low", "medium", "high", "critical"] as const;
export type ThreatLevel = (typeof THREAT_LEVELS)[number];

/** `confidence` is what the score says for `is_nsfw`, or `is_harmful`, as it stands: the score, or what it lacks to 1. */
export interface PictureAnswer {
  readonly is_nsfw: boolean;
  readonly confidence: Probability;
  readonly threat_level: ThreatLevel;
}
export interface TextAnswer {
  readonly is_harmful: boolean;
  readonly confidence: Probability;
  /** The probability that each model that was asked gives. */
  readonly details: Readonly<Partial<Record<TextModel, Probability>>>;
}
export interface UrlAnswer {
  /** The highest probability of any category. */
  readonly threat_score: Probability;
  /** Whether the address would be stopped, not merely warned of. */
  readonly is_blocked: boolean;
}
export type Answer = PictureAnswer | TextAnswer | UrlAnswer;

/** What a shell brings: the judges at hand, each with the decision of its policy. */
export interface ProgramJudges {
  readonly models: KnownModels;
  readonly policy: Policy;
  judgePicture(file: Uint8Array<ArrayBuffer>): Promise<Decision>;
  judgeText(text: string, context: Context): Promise<Decision>;
  judgeAddress(url: string): Promise<Decision>;
}

/** From here on a score counts where the policy has no limit: what every head's calibration calls its threshold. */
const HARM_FROM = 0.75;
const CRITICAL_FROM = 0.9;

/**
 * Answers a program in the shapes of the reference service.
 * @throws WardlightError `validation` for what is no question, another code where it could not be judged: a program is
 * never told that something is harmless because a judge failed.
 */
export async function answerTo(path: unknown, body: unknown, judges: ProgramJudges): Promise<Answer> {
  const question = questionOf(path, body, judges.models);
  switch (question.path) {
    case "/nsfw-check":
      return pictureAnswer(judged(await judges.judgePicture(question.image)));
    case "/classify-text":
      return classify(question, judges);
    case "/threat-url":
      return urlAnswer(judged(await judges.judgeAddress(question.url)));
  }
}

function judged(decision: Decision): Decision {
  const { failure } = decision.verdict;
  if (failure) throw new WardlightError(failure.code, failure.message);
  return decision;
}

function pictureAnswer({ verdict, action }: Decision): PictureAnswer {
  const probability = verdict.scores.sexual ?? 0;
  const is_nsfw = action.kind !== "allow" && action.kind !== "warn";
  return { is_nsfw, confidence: sureness(is_nsfw, probability), threat_level: levelOf(probability, is_nsfw) };
}

function levelOf(probability: Probability, isWithheld: boolean): ThreatLevel {
  if (isWithheld) return probability >= CRITICAL_FROM ? "critical" : "high";
  if (probability >= 0.5) return "medium";
  return probability >= 0.1 ? "low" : "none";
}

/** A text is somebody else's words; where personal data is asked for, it is what somebody is about to send. */
async function classify({ text, models }: Extract<Question, { text: string }>, judges: ProgramJudges) {
  const context = models.includes("pii") || models.includes("secret") ? "paste" : "comment";
  const { scores } = judged(await judges.judgeText(text, context)).verdict;
  const details = Object.fromEntries(models.map((model) => [model, scores[model] ?? 0]));
  const met = models.filter((model) => (scores[model] ?? 0) >= limitOf(model, context, judges.policy));
  const is_harmful = met.length > 0;
  const highest = Math.max(...(is_harmful ? met : models).map((model) => scores[model] ?? 0));
  return { is_harmful, confidence: sureness(is_harmful, highest), details };
}

/** The mildest limit of the policy. */
function limitOf(model: TextModel, context: Context, policy: Policy): Probability {
  const limits = Object.values(ruleFor(model, context, policy)?.limits ?? {});
  return limits.length > 0 ? Math.min(...limits) : HARM_FROM;
}

function urlAnswer({ verdict, action }: Decision): UrlAnswer {
  const threat_score = Math.max(0, ...Object.values(verdict.scores));
  return { threat_score, is_blocked: action.kind === "block" || action.kind === "hide" };
}

function sureness(is: boolean, probability: Probability): Probability {
  return is ? probability : 1 - probability;
}

import { WardlightError } from "./errors.ts";
import type { Level } from "./policy.ts";
import type { PassageCare, Rule } from "./types.ts";

/** What makes a comment hostile. */
export const HOSTILE_CATEGORIES = ["toxicity", "hate", "offensive"] as const;
export type HostileCategory = (typeof HOSTILE_CATEGORIES)[number];

/** What is done about a hostile comment; `hide` leaves a line in its place. */
export const COMMENT_CARES = ["off", "blur", "hide"] as const;
export type CommentCare = (typeof COMMENT_CARES)[number];

/** What the user wants done about the text of pages. */
export interface PageCare extends PassageCare {
  readonly comments: Readonly<Record<HostileCategory, CommentCare>>;
  /** Hosts, lower case, each with its subdomains, where comments are left as they are. */
  readonly openSites: readonly string[];
}

/**
 * Comments are left alone until the user wants otherwise: at the strictest limit the heads flag at most 1 % of the harmless
 * comments of most left-out sources, but 4.9 % of one, and find .14 of the hostile ones of a set that nobody fitted on
 * (models/toxicity-linear/MODEL_CARD.md).
 */
export const DEFAULT_PAGE_CARE: PageCare = {
  highlights: true,
  neutralises: false,
  markedSites: [],
  comments: { toxicity: "off", hate: "off", offensive: "off" },
  openSites: [],
};

/** `strict` is the heads' own threshold. */
const COMMENT_LIMITS: Record<Level, number> = { relaxed: 0.9, balanced: 0.8, strict: 0.75 };

/** Only what stands in a comment is covered, never the article around it. */
export function commentRules(level: Level, { comments, openSites }: PageCare): Rule[] {
  return HOSTILE_CATEGORIES.flatMap((category) => {
    const care = comments[category];
    if (care === "off") return [];
    return { category, contexts: ["comment"], limits: { [care]: COMMENT_LIMITS[level] }, exceptOn: openSites };
  });
}

const MAX_SITES = 10_000;

/** @throws WardlightError `validation`. */
export function parsePageCare(value: unknown, isHost: (value: unknown) => boolean): PageCare {
  if (typeof value !== "object" || value === null) throw invalid("an object");
  const given = { ...DEFAULT_PAGE_CARE, ...value } as Record<keyof PageCare, unknown>;
  const { highlights, neutralises, comments, markedSites, openSites } = given;
  if (typeof highlights !== "boolean" || typeof neutralises !== "boolean")
    throw invalid("true or false for highlights and neutralises");
  const areSites = (list: unknown): list is string[] =>
    Array.isArray(list) && list.length <= MAX_SITES && list.every(isHost);
  if (!areSites(markedSites) || !areSites(openSites)) throw invalid(`at most ${MAX_SITES} lower-case names of sites`);
  return { highlights, neutralises, comments: commentsOf(comments), markedSites, openSites };
}

function commentsOf(value: unknown): PageCare["comments"] {
  if (typeof value !== "object" || value === null) throw invalid("an object of comments");
  const given = { ...DEFAULT_PAGE_CARE.comments, ...value } as Record<HostileCategory, CommentCare>;
  if (HOSTILE_CATEGORIES.some((category) => !COMMENT_CARES.includes(given[category])))
    throw invalid(`one of ${COMMENT_CARES.join(", ")} for each of ${HOSTILE_CATEGORIES.join(", ")}`);
  const { toxicity, hate, offensive } = given;
  return { toxicity, hate, offensive };
}

function invalid(wanted: string): WardlightError {
  return new WardlightError("validation", `The setting "page" is not valid: it must be ${wanted}.`);
}

import { WardlightError } from "./errors.ts";
import { isExtensionId } from "./extension-id.ts";
import { DEFAULT_JOURNAL, type JournalSettings, parseJournalSettings } from "./journal-settings.ts";
import { commentRules, DEFAULT_PAGE_CARE, type PageCare, parsePageCare } from "./page-care.ts";
import { isClosing, isNow, isSchedule, MAX_RULES, type ScheduleRule, type WallTime } from "./schedule.ts";
import { COVERS, type Cover, type Moment, type Policy, type Rule } from "./types.ts";

/** How readily Wardlight acts; each level is a table of limits below. */
export const LEVELS = ["relaxed", "balanced", "strict"] as const;
export type Level = (typeof LEVELS)[number];

/** What decides about a picture when no network can be opened: nothing (it stays hidden), or colour and shape alone. */
export const FALLBACKS = ["hide", "heuristic"] as const;
export type Fallback = (typeof FALLBACKS)[number];

/** What is looked for in what the user writes to an AI, or brings there from elsewhere, and what is done about it. */
export const DRAFT_CATEGORIES = ["pii", "secret", "injection"] as const;
export type DraftCategory = (typeof DRAFT_CATEGORIES)[number];
export const DRAFT_CARES = ["off", "warn", "hold"] as const;
export type DraftCare = (typeof DRAFT_CARES)[number];

/** What the user chose, as it is stored. */
export interface Settings {
  readonly level: Level;
  /** Hours at which the level is at least another one, or pages are closed by what their text is about. */
  readonly schedule: readonly ScheduleRule[];
  readonly pausedUntil: Moment | null;
  /** Hosts, lower case; each covers its subdomains. */
  readonly allowlist: readonly string[];
  readonly cover: Cover;
  /** Cover only the regions of a picture that led to the verdict, where they can be told. */
  readonly isRegional: boolean;
  readonly fallback: Fallback;
  /** Verdicts on pictures may outlive the visit: keyed, encrypted, never of private windows. */
  readonly remembers: boolean;
  /** A picture of a private window may be asked for a second time where its page's own copy cannot be read. */
  readonly rereadsInPrivate: boolean;
  /** Hosts, lower case, and single pages whose addresses are never stopped; what they show is judged as anywhere. */
  readonly trustedAddresses: readonly string[];
  /** Ids of lists that do not count. */
  readonly offLists: readonly string[];
  /** A blocked page offers to proceed at once; else only after a time of cooling off. */
  readonly mayProceed: boolean;
  /** A click shows what was withheld. */
  readonly mayReveal: boolean;
  /** What the journal keeps. */
  readonly journal: JournalSettings;
  /** In AI chats. Instructions to the AI are looked for in foreign text alone. */
  readonly drafts: Readonly<Record<DraftCategory, DraftCare>>;
  /** Hosts, lower case, where nothing is said of what the user writes or pastes. */
  readonly quietSites: readonly string[];
  /** Ids of other extensions that may ask the judges. */
  readonly programs: readonly string[];
  /** What is done about the text of pages. */
  readonly page: PageCare;
}

export const DEFAULT_SETTINGS: Settings = {
  level: "balanced",
  schedule: [],
  pausedUntil: null,
  allowlist: [],
  cover: "blur",
  isRegional: false,
  fallback: "hide",
  remembers: true,
  rereadsInPrivate: true,
  trustedAddresses: [],
  offLists: [],
  mayProceed: true,
  mayReveal: true,
  journal: DEFAULT_JOURNAL,
  drafts: { pii: "warn", secret: "warn", injection: "warn" },
  quietSites: [],
  programs: [],
  page: DEFAULT_PAGE_CARE,
};

/**
 * Only what is certain about an address (a list, certain page evidence) scores 1 and is blocked; everything that is
 * judged from its looks stays below and may only warn.
 */
const CERTAIN = 0.995;
/** `balanced` warns of fewer than 1 in 200 harmless links (models/url-phishing/MODEL_CARD.md has the figures). */
const ADDRESS_WARN: Record<Level, number> = { relaxed: 0.9, balanced: 0.8, strict: 0.65 };

function addressRules(level: Level): Rule[] {
  const judged = { warn: ADDRESS_WARN[level], block: CERTAIN };
  return [
    ...(["adult", "phishing", "malware"] as const).map((category) => ({ category, limits: judged })),
    ...(["scam", "gambling", "blocklisted"] as const).map((category) => ({ category, limits: { block: CERTAIN } })),
  ];
}

/** Of the mean of two networks, both of which must give one half or more. */
const SEXUAL_BLUR: Record<Level, number> = { relaxed: 0.8, balanced: 0.6, strict: 0.5 };
/** `strict` is the lowest at which at most .1 % of page text is marked in every language (ARCHITECTURE, "Reading text"). */
const INJECTION_WARN: Record<Level, number> = { relaxed: 0.85, balanced: 0.75, strict: 0.7 };

/** Of personal data and secrets in what is about to be sent: `relaxed` waits for check digits, `strict` counts names. */
const DRAFT_LIMITS: Record<"pii" | "secret", Record<Level, number>> = {
  pii: { relaxed: 0.95, balanced: 0.75, strict: 0.55 },
  secret: { relaxed: 0.93, balanced: 0.85, strict: 0.8 },
};

/** What people type into their own chat is no attack on them; foreign text is. */
function draftRules(level: Level, drafts: Settings["drafts"]): Rule[] {
  const limits = (care: DraftCare, from: number) => (care === "off" ? {} : { [care]: from });
  return [
    { category: "injection", contexts: ["paste"], limits: limits(drafts.injection, INJECTION_WARN[level]) },
    ...(["pii", "secret"] as const).map((category) => ({
      category,
      contexts: ["prompt", "paste"] as const,
      limits: limits(drafts[category], DRAFT_LIMITS[category][level]),
    })),
  ];
}

/** Suggestive pictures are no sexual ones, but for those who want it strict. */
const SEXUAL_CLASSES: Record<Level, readonly string[]> = { relaxed: [], balanced: [], strict: ["Sexy"] };

/**
 * Log-odds of the accuracy that each network was published with (nsfwjs and nsfw_model: MobileNetV2 90 %, InceptionV3
 * 93 %, after Nitzan and Paroush, 1982), as multiples of the first; open_nsfw was published without any and counts as
 * the first. Skin tones are worth an eighth of a network.
 */
const WEIGHTS = { "image/nsfw-inception-v3": 1.18, "image/skin": 0.125 } as const;

/** The settings as they hold at a time of the week: with the strictest level of the hours that are now. */
export function settingsAt(settings: Settings, time: WallTime): Settings {
  const now = settings.schedule.filter((rule) => isNow(rule, time));
  const levels = now.flatMap((rule) => (isClosing(rule) ? [] : rule.level));
  const rank = [settings.level, ...levels].reduce((most, level) => Math.max(most, LEVELS.indexOf(level)), 0);
  return { ...settings, level: LEVELS[rank] ?? settings.level };
}

/** The policy that a user's settings stand for; see `settingsAt`. */
export function policyOf(settings: Settings): Policy {
  const { level, pausedUntil, allowlist, trustedAddresses, quietSites, mayProceed } = settings;
  const { fallback, isRegional, remembers, rereadsInPrivate, cover, mayReveal } = settings;
  return {
    rules: [
      {
        category: "sexual",
        voters: 2,
        limits: { blur: SEXUAL_BLUR[level] },
        classes: SEXUAL_CLASSES[level],
      },
      { category: "injection", contexts: ["page", "comment"], limits: { warn: INJECTION_WARN[level] } },
      ...commentRules(level, settings.page),
      ...draftRules(level, settings.drafts),
      ...addressRules(level),
    ],
    allowlist,
    trustedAddresses,
    quietSites,
    pausedUntil,
    onFailure: { image: "hide", text: "allow", url: "allow" },
    mayReveal,
    mayProceed,
    weights: WEIGHTS,
    fallback,
    isRegional,
    remembers,
    rereadsInPrivate,
    cover,
    passages: passagesOf(settings.page),
    describesPages: settings.schedule.some(isClosing),
  };
}

function passagesOf({ highlights, neutralises, markedSites }: PageCare): Policy["passages"] {
  return { highlights, neutralises, markedSites };
}

const HOST = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const MAX_NAMES = 10_000;
const MAX_PROGRAMS = 100;
const SWITCHES = ["mayProceed", "mayReveal", "isRegional", "remembers", "rereadsInPrivate"] as const;

/**
 * Reads settings from outside (storage, a message, an import). Absent fields keep their default.
 * @throws WardlightError `validation`, naming the field.
 */
export function parseSettings(value: unknown): Settings {
  if (value === undefined || value === null) return DEFAULT_SETTINGS;
  if (typeof value !== "object") throw invalid("settings", "an object");
  const given = { ...DEFAULT_SETTINGS, ...value } as Record<keyof Settings, unknown>;
  const { level, schedule, pausedUntil, mayProceed, mayReveal, cover } = given;
  const { isRegional, fallback, remembers, rereadsInPrivate } = given;
  if (!LEVELS.includes(level as Level)) throw invalid("level", LEVELS.join(", "));
  if (!isSchedule(schedule, LEVELS))
    throw invalid("schedule", `at most ${MAX_RULES} rules of days, hours, and a level or labels`);
  if (pausedUntil !== null && !Number.isFinite(pausedUntil)) throw invalid("pausedUntil", "a moment in ms, or null");
  if (!COVERS.includes(cover as Cover)) throw invalid("cover", COVERS.join(", "));
  if (!FALLBACKS.includes(fallback as Fallback)) throw invalid("fallback", FALLBACKS.join(", "));
  const odd = SWITCHES.find((field) => typeof given[field] !== "boolean");
  if (odd) throw invalid(odd, "true or false");
  return {
    level: level as Level,
    schedule,
    pausedUntil: pausedUntil as number | null,
    allowlist: listOf(given, "allowlist", isHost),
    trustedAddresses: listOf(given, "trustedAddresses", isAddressName),
    offLists: listOf(given, "offLists", isListId),
    mayProceed: mayProceed as boolean,
    mayReveal: mayReveal as boolean,
    drafts: draftsOf(given.drafts),
    quietSites: listOf(given, "quietSites", isHost),
    programs: programsOf(given.programs),
    cover: cover as Cover,
    isRegional: isRegional as boolean,
    fallback: fallback as Fallback,
    remembers: remembers as boolean,
    rereadsInPrivate: rereadsInPrivate as boolean,
    journal: parseJournalSettings(given.journal, isHost),
    page: parsePageCare(given.page, isHost),
  };
}

function draftsOf(value: unknown): Settings["drafts"] {
  if (typeof value !== "object" || value === null) throw invalid("drafts", "an object");
  const given = { ...DEFAULT_SETTINGS.drafts, ...value } as Record<DraftCategory, DraftCare>;
  const odd = DRAFT_CATEGORIES.some((category) => !DRAFT_CARES.includes(given[category]));
  if (odd) throw invalid("drafts", `one of ${DRAFT_CARES.join(", ")} for each of ${DRAFT_CATEGORIES.join(", ")}`);
  const { pii, secret, injection } = given;
  return { pii, secret, injection };
}

function programsOf(value: unknown): string[] {
  if (Array.isArray(value) && value.length <= MAX_PROGRAMS && value.every(isExtensionId)) return value;
  throw invalid("programs", `at most ${MAX_PROGRAMS} ids of extensions`);
}

function listOf(given: Record<keyof Settings, unknown>, field: keyof Settings, isSound: (value: unknown) => boolean) {
  const value = given[field];
  if (Array.isArray(value) && value.length <= MAX_NAMES && value.every(isSound)) return value as string[];
  throw invalid(field, `at most ${MAX_NAMES} lower-case names`);
}

/** A host, or a single page as lists name it. */
function isAddressName(value: unknown): boolean {
  return (
    isHost(value) || (typeof value === "string" && value.length <= 2_048 && /^[a-z0-9_.:[\]-]+[/?:]\S*$/.test(value))
  );
}

function isListId(value: unknown): boolean {
  return typeof value === "string" && /^[a-z0-9-]{1,64}$/.test(value);
}

function isHost(value: unknown): value is string {
  return typeof value === "string" && HOST.test(value);
}

function invalid(field: string, wanted: string): WardlightError {
  return new WardlightError("validation", `The setting "${field}" is not valid: it must be ${wanted}.`);
}

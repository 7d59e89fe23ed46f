import { WardlightError } from "./errors.ts";
import { COVERS, type Cover, type Moment, type Policy, type Rule } from "./types.ts";

/** How readily Wardlight acts; each level is a table of limits below. */
export const LEVELS = ["relaxed", "balanced", "strict"] as const;
export type Level = (typeof LEVELS)[number];

/** What the user chose, as it is stored. */
export interface Settings {
  readonly level: Level;
  readonly pausedUntil: Moment | null;
  /** Hosts, lower case; each covers its subdomains. */
  readonly allowlist: readonly string[];
  readonly cover: Cover;
  /** Cover only the regions of a picture that led to the verdict, where they can be told. */
  readonly isRegional: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  level: "balanced",
  pausedUntil: null,
  allowlist: [],
  cover: "blur",
  isRegional: false,
};

const LISTED: readonly Rule[] = (["adult", "phishing", "malware", "blocklisted"] as const).map((category) => ({
  category,
  limits: { block: 0.5 },
}));

/** Of the mean of two networks, both of which must give one half or more. */
const SEXUAL_BLUR: Record<Level, number> = { relaxed: 0.8, balanced: 0.6, strict: 0.5 };
const INJECTION_WARN: Record<Level, number> = { relaxed: 0.85, balanced: 0.75, strict: 0.5 };

/** The policy that a user's settings stand for. */
export function policyOf({ level, pausedUntil, allowlist, cover, isRegional }: Settings): Policy {
  return {
    rules: [
      { category: "sexual", voters: 2, limits: { blur: SEXUAL_BLUR[level] } },
      // What people type into their own chat is no attack on them; foreign text is.
      { category: "injection", contexts: ["page", "comment", "paste"], limits: { warn: INJECTION_WARN[level] } },
      ...LISTED,
    ],
    allowlist,
    pausedUntil,
    onFailure: { image: "hide", text: "allow", url: "allow" },
    mayReveal: true,
    weights: {},
    cover,
    isRegional,
  };
}

const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_ALLOWLIST = 10_000;

/**
 * Reads settings from outside (storage, a message, an import). Absent fields keep their default.
 * @throws WardlightError `validation`, naming the field.
 */
export function parseSettings(value: unknown): Settings {
  if (value === undefined || value === null) return DEFAULT_SETTINGS;
  if (typeof value !== "object") throw invalid("settings", "an object");
  const fields = { ...DEFAULT_SETTINGS, ...value } as Record<keyof Settings, unknown>;
  const { level, pausedUntil, allowlist, cover, isRegional } = fields;
  if (!LEVELS.includes(level as Level)) throw invalid("level", LEVELS.join(", "));
  if (pausedUntil !== null && !Number.isFinite(pausedUntil)) throw invalid("pausedUntil", "a moment in ms, or null");
  const isHostList = Array.isArray(allowlist) && allowlist.length <= MAX_ALLOWLIST && allowlist.every(isHost);
  if (!isHostList) throw invalid("allowlist", `at most ${MAX_ALLOWLIST} lower-case host names`);
  if (!COVERS.includes(cover as Cover)) throw invalid("cover", COVERS.join(", "));
  if (typeof isRegional !== "boolean") throw invalid("isRegional", "true or false");
  const [known, until, look] = [level as Level, pausedUntil as number | null, cover as Cover];
  return { level: known, pausedUntil: until, allowlist, cover: look, isRegional };
}

function isHost(value: unknown): value is string {
  return typeof value === "string" && HOST.test(value);
}

function invalid(field: string, wanted: string): WardlightError {
  return new WardlightError("validation", `The setting "${field}" is not valid: it must be ${wanted}.`);
}

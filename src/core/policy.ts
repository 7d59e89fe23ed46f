import { WardlightError } from "./errors.ts";
import type { Moment, Policy, Rule } from "./types.ts";

/** How readily Wardlight acts; each level is a table of limits below. */
export const LEVELS = ["relaxed", "balanced", "strict"] as const;
export type Level = (typeof LEVELS)[number];

/** What the user chose, as it is stored. */
export interface Settings {
  readonly level: Level;
  readonly pausedUntil: Moment | null;
  /** Hosts, lower case; each covers its subdomains. */
  readonly allowlist: readonly string[];
}

export const DEFAULT_SETTINGS: Settings = { level: "balanced", pausedUntil: null, allowlist: [] };

/**
 * Only what is certain about an address (a list, certain page evidence) scores 1 and is blocked; everything that is
 * judged from its looks stays below and may only warn.
 */
const CERTAIN = 0.995;
/** `balanced` warns of fewer than 1 in 200 harmless addresses (models/url-phishing/MODEL_CARD.md has the figures). */
const ADDRESS_WARN: Record<Level, number> = { relaxed: 0.9, balanced: 0.8, strict: 0.65 };

function addressRules(level: Level): Rule[] {
  const limits = { warn: ADDRESS_WARN[level], block: CERTAIN };
  return (["adult", "phishing", "malware", "blocklisted"] as const).map((category) => ({ category, limits }));
}

/** Of the mean of two networks, both of which must give one half or more. */
const SEXUAL_BLUR: Record<Level, number> = { relaxed: 0.8, balanced: 0.6, strict: 0.5 };
const INJECTION_WARN: Record<Level, number> = { relaxed: 0.85, balanced: 0.75, strict: 0.5 };

/** The policy that a user's settings stand for. */
export function policyOf({ level, pausedUntil, allowlist }: Settings): Policy {
  return {
    rules: [
      { category: "sexual", voters: 2, limits: { blur: SEXUAL_BLUR[level] } },
      // What people type into their own chat is no attack on them; foreign text is.
      { category: "injection", contexts: ["page", "comment", "paste"], limits: { warn: INJECTION_WARN[level] } },
      ...addressRules(level),
    ],
    allowlist,
    pausedUntil,
    onFailure: { image: "hide", text: "allow", url: "allow" },
    mayReveal: true,
    weights: {},
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
  const { level, pausedUntil, allowlist } = { ...DEFAULT_SETTINGS, ...value } as Record<keyof Settings, unknown>;
  if (!LEVELS.includes(level as Level)) throw invalid("level", LEVELS.join(", "));
  if (pausedUntil !== null && !Number.isFinite(pausedUntil)) throw invalid("pausedUntil", "a moment in ms, or null");
  const isHostList = Array.isArray(allowlist) && allowlist.length <= MAX_ALLOWLIST && allowlist.every(isHost);
  if (!isHostList) throw invalid("allowlist", `at most ${MAX_ALLOWLIST} lower-case host names`);
  return { level: level as Level, pausedUntil: pausedUntil as number | null, allowlist };
}

function isHost(value: unknown): value is string {
  return typeof value === "string" && HOST.test(value);
}

function invalid(field: string, wanted: string): WardlightError {
  return new WardlightError("validation", `The setting "${field}" is not valid: it must be ${wanted}.`);
}

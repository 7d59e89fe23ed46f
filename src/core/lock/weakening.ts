import { canonical } from "../bytes.ts";
import { COMMENT_CARES } from "../page-care.ts";
import { LEVELS, type Settings } from "../policy.ts";
import type { Moment } from "../types.ts";

/**
 * How a setting protects. `rank`: its values from the weakest to the strongest, where those that protect alike stand
 * together. `exemptions`: a list each entry of which takes something out of protection; `guards`: one each entry of which
 * adds to it. `less`: a smaller number protects less. `until`: a moment up to which there is no protection. `free`: a
 * matter of taste or privacy.
 */
export type Rule =
  | { readonly kind: "rank"; readonly order: readonly (readonly (string | boolean)[])[] }
  | { readonly kind: "exemptions" | "guards" | "less" | "until" | "free" };

type Leaf = string | number | boolean | null | readonly unknown[];
type Rules<T> = { readonly [K in keyof T]: T[K] extends Leaf ? Rule : Rules<T[K]> };

const each = (values: readonly (string | boolean)[]): Rule => ({ kind: "rank", order: values.map((one) => [one]) });
const EXEMPTIONS: Rule = { kind: "exemptions" };
const FREE: Rule = { kind: "free" };
const CARE = each(["off", "warn", "hold"]);
const COMMENTS = each(COMMENT_CARES);
const BETTER_OFF = each([true, false]);
const BETTER_ON = each([false, true]);

/** Every setting has its rule: a new one does not compile without. */
const RULES: Rules<Settings> = {
  level: each(LEVELS),
  schedule: { kind: "guards" },
  pausedUntil: { kind: "until" },
  allowlist: EXEMPTIONS,
  // Behind a blur or coarse squares one still sees what there is.
  cover: { kind: "rank", order: [["blur", "pixelate"], ["card"], ["remove"]] },
  isRegional: BETTER_OFF,
  fallback: each(["heuristic", "hide"]),
  remembers: FREE,
  // What cannot be read stays hidden.
  rereadsInPrivate: FREE,
  trustedAddresses: EXEMPTIONS,
  offLists: EXEMPTIONS,
  mayProceed: BETTER_OFF,
  mayReveal: BETTER_OFF,
  journal: { retentionDays: { kind: "less" }, siteNames: each(["hashed", "plain"]), unrecorded: EXEMPTIONS },
  drafts: { pii: CARE, secret: CARE, injection: CARE },
  quietSites: EXEMPTIONS,
  // They ask what the judges say of what they themselves bring.
  programs: FREE,
  page: {
    highlights: BETTER_ON,
    neutralises: BETTER_ON,
    markedSites: { kind: "guards" },
    comments: { toxicity: COMMENTS, hate: COMMENTS, offensive: COMMENTS },
    openSites: EXEMPTIONS,
  },
};

/** A setting's place: its name, or those of the group and of the setting in it, such as `drafts.pii`. */
export type Path = string;

/** The rule of every setting, by its place. */
export const RULE_OF: ReadonlyMap<Path, Rule> = new Map(rulesIn(RULES, ""));

function rulesIn(group: object, prefix: string): [Path, Rule][] {
  return Object.entries(group).flatMap(([name, rule]) =>
    "kind" in rule ? [[prefix + name, rule as Rule] as [Path, Rule]] : rulesIn(rule, `${prefix}${name}.`),
  );
}

/**
 * One setting that is to protect less. `value` is what is asked for: of lists the entries to be added (`exemptions`) or
 * taken out (`guards`), of `until` a duration in ms, else the new value.
 */
export interface Weakening {
  readonly path: Path;
  readonly value: unknown;
}

/** What a change from one state of the settings to another weakens, setting by setting; nothing where it does not. */
export function weakenings(before: Settings, after: Settings, now: Moment): Weakening[] {
  return [...RULE_OF].flatMap(([path, rule]) => {
    const value = weakened(rule, valueAt(before, path), valueAt(after, path), now);
    return value === undefined ? [] : [{ path, value }];
  });
}

function weakened(rule: Rule, before: unknown, after: unknown, now: Moment): unknown {
  switch (rule.kind) {
    case "free":
      return undefined;
    case "rank":
      return rankOf(rule.order, after) < rankOf(rule.order, before) ? after : undefined;
    case "less":
      return (after as number) < (before as number) ? after : undefined;
    case "until": {
      const [was, is] = [Math.max(now, (before as number | null) ?? 0), Math.max(now, (after as number | null) ?? 0)];
      return is > was ? is - now : undefined;
    }
    case "exemptions":
      return listOrNothing(without(after, before));
    case "guards":
      return listOrNothing(without(before, after));
  }
}

function rankOf(order: readonly (readonly unknown[])[], value: unknown): number {
  return order.findIndex((alike) => alike.includes(value));
}

function without(list: unknown, others: unknown): unknown[] {
  const known = new Set((others as unknown[]).map(canonical));
  return (list as unknown[]).filter((entry) => !known.has(canonical(entry)));
}

function listOrNothing(list: unknown[]): unknown {
  return list.length > 0 ? list : undefined;
}

/** The part of a change that weakens nothing: what strengthens is kept, what would weaken stays as it was. */
export function strengthened(before: Settings, after: Settings, now: Moment): Settings {
  return weakenings(before, after, now).reduce((settings, { path }) => {
    const [was, is] = [valueAt(before, path), valueAt(settings, path)];
    const kind = RULE_OF.get(path)?.kind;
    if (kind === "exemptions") return withValue(settings, path, without(is, without(is, was)));
    if (kind === "guards") return withValue(settings, path, [...(is as unknown[]), ...without(was, is)]);
    return withValue(settings, path, was);
  }, after);
}

/** Settings with a weakening done to them as they are by now. The result is not validated. */
export function weakenedBy(settings: Settings, { path, value }: Weakening, now: Moment): Settings {
  const is = valueAt(settings, path);
  switch (RULE_OF.get(path)?.kind) {
    case "exemptions":
      return withValue(settings, path, [...(is as unknown[]), ...without(value, is)].sort());
    case "guards":
      return withValue(settings, path, without(is, value));
    case "until":
      return withValue(settings, path, now + (value as number));
    case undefined:
      return settings;
    default:
      return withValue(settings, path, value);
  }
}

/** What stands at a place; undefined where there is none. */
export function valueAt(settings: object, path: Path): unknown {
  return path
    .split(".")
    .reduce<unknown>((group, name) => (group as Record<string, unknown> | undefined)?.[name], settings);
}

/** The same settings with another value at one place. */
export function withValue<T extends object>(settings: T, path: Path, value: unknown): T {
  const [name = "", ...rest] = path.split(".");
  const group = (settings as Record<string, unknown>)[name];
  const inner = rest.length > 0 ? withValue((group ?? {}) as object, rest.join("."), value) : value;
  return { ...settings, [name]: inner };
}

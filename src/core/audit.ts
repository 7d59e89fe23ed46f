import { canonical } from "./bytes.ts";
import { DEFAULT_SETTINGS } from "./policy.ts";

/** The parts of the guard whose changes are written down. */
export const AUDITED = ["settings", "help", "packs", "lists", "lock"] as const;
/** `policy` is what an organisation sets. */
export type Audited = (typeof AUDITED)[number] | "policy";

/**
 * One thing that became another. Values are JSON, shortened: of a list what was taken out and what was added. A side is
 * absent where there was nothing.
 */
export interface AuditChange {
  readonly about: Audited;
  /** A setting's place such as `drafts.pii`, the name of a list or pack, a part of the lock, or what was done with it. */
  readonly what: string;
  readonly from?: string;
  readonly to?: string;
}

const MAX_VALUE = 300;
const MAX_CHANGES = 100;
/** What may be written down of a stored value: never a secret's wrapping, nor whom the user turns to. */
const KEPT: Readonly<Record<Audited, (value: unknown) => Readonly<Record<string, unknown>>>> = {
  settings: (value) => leaves({ ...DEFAULT_SETTINGS, ...(value as object) }, ""),
  help: (value) => leaves({ budgets: (value as { budgets?: unknown } | undefined)?.budgets ?? {} }, ""),
  packs: (value) => named(value, ({ id, version }) => `${id}@${version}`, ["isEnabled", "weight", "sha256"]),
  lists: (value) => named(value, ({ title, id }) => `${title ?? id}`, ["category", "refresh", "isRemoved"]),
  lock: lockFacts,
  policy: (value) => leaves(value ?? {}, ""),
};

/** What a stored value's change changed, in the order of the names; nothing where it is the same. */
export function auditOf(about: Audited, before: unknown, after: unknown): AuditChange[] {
  const [old, fresh] = [KEPT[about](before), KEPT[about](after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].sort();
  const changed = names.filter((name) => canonical(old[name]) !== canonical(fresh[name]));
  return changed.slice(0, MAX_CHANGES).map((what) => {
    const [from, to] = sidesOf(old[what], fresh[what]);
    return { about, what, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  });
}

/** A change in words: what it is about, and what became of it. */
export interface SaidChange {
  readonly subject: string;
  readonly change: string;
}

/** A change by the names and values that the journal holds. */
export function plainChange({ about, what, from, to }: AuditChange): SaidChange {
  return { subject: [about, what].filter(Boolean).join(": "), change: [from, to].filter(Boolean).join(" → ") };
}

function sidesOf(before: unknown, after: unknown): (string | undefined)[] {
  if (!Array.isArray(before) || !Array.isArray(after)) return [before, after].map(written);
  const without = (list: unknown[], other: unknown[]) => {
    const known = new Set(other.map(canonical));
    return list.filter((entry) => !known.has(canonical(entry)));
  };
  return [without(before, after), without(after, before)].map((side) => (side.length > 0 ? written(side) : undefined));
}

/** Changes without what names sites, where those are not to be kept. */
export function withoutNames(changes: readonly AuditChange[]): AuditChange[] {
  return changes.map(({ about, what, from, to }) => {
    const isNamed = [from, to].some((value) => value?.includes("["));
    if (about === "lists") return { about, what: "" };
    return { about, what, ...(isNamed ? {} : { ...(from ? { from } : {}), ...(to ? { to } : {}) }) };
  });
}

function written(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = canonical(value);
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE - 1)}…`;
}

function leaves(value: unknown, prefix: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([name, inner]) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.entries(leaves(inner, `${prefix}${name}.`))
        : [[prefix + name, inner] as const],
    ),
  );
}

function named(
  value: unknown,
  nameOf: (entry: Readonly<Record<string, unknown>>) => string,
  kept: readonly string[],
): Record<string, unknown> {
  const entries = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
  const facts = (entry: Record<string, unknown>) => Object.fromEntries(kept.map((name) => [name, entry[name]]));
  return Object.fromEntries(entries.map((entry) => [nameOf(entry), facts(entry)]));
}

/** The kinds of secrets and since when, the waiting time, the lockdown, and each change that waits. */
function lockFacts(value: unknown): Record<string, unknown> {
  const {
    slots = [],
    coolingHours,
    lockdownUntil,
    pending = [],
  } = (value ?? {}) as Readonly<Record<string, unknown>> & {
    readonly slots?: readonly { readonly kind: string; readonly addedAt: number }[];
    readonly pending?: readonly { readonly id: string; readonly dueAt: number; readonly change: unknown }[];
  };
  return {
    ...Object.fromEntries(slots.map(({ kind, addedAt }) => [kind, addedAt])),
    ...(coolingHours ? { coolingHours } : {}),
    ...(lockdownUntil ? { lockdownUntil } : {}),
    ...Object.fromEntries(pending.map(({ dueAt, change, id }) => [`pending ${id}`, { dueAt, change }])),
  };
}

import type { PackChange } from "../pack-pins.ts";
import type { Moment } from "../types.ts";
import type { Weakening } from "./weakening.ts";

/** Anything that makes protection weaker, as it is asked for now and may be done later. */
export type Change =
  | ({ readonly kind: "setting" } & Weakening)
  /** Minutes a day for a class of sites; null takes the budget away. */
  | { readonly kind: "budget"; readonly name: string; readonly minutes: number | null }
  /** A list of the user's own is removed. */
  | { readonly kind: "list"; readonly id: string }
  | { readonly kind: "pack"; readonly change: PackChange }
  | { readonly kind: "cooling"; readonly hours: number }
  /** The lock is given up by who cannot open it, and with it the journal that it closes. */
  | { readonly kind: "forget" };

/** A change that waits for its time. */
export interface Pending {
  readonly id: string;
  readonly askedAt: Moment;
  readonly dueAt: Moment;
  readonly change: Change;
}

/** What stands between a wish and its coming true. */
export interface Guard {
  readonly hasLock: boolean;
  readonly isUnlocked: boolean;
  /** An organisation lets nobody weaken anything. */
  readonly isManaged: boolean;
  /** How long what weakens has to wait; 0 for not at all. */
  readonly coolingHours: number;
  readonly lockdownUntil: Moment | null;
}

export const REFUSALS = ["managed", "lockdown", "locked"] as const;
export type Gate =
  | { readonly kind: "open" }
  | { readonly kind: "wait"; readonly until: Moment }
  | { readonly kind: "closed"; readonly why: (typeof REFUSALS)[number] };

export const HOUR_MS = 3_600_000;
export const MAX_COOLING_HOURS = 168;
export const MAX_LOCKDOWN_DAYS = 31;
/** Whoever gives up a lock whose secret is lost waits at least so long: else that would be the way around it. */
export const LEAST_FORGETTING_HOURS = 24;
export const MAX_PENDING = 50;

/** What becomes of a change that weakens protection; any other passes. */
export function gateOf({ hasLock, isUnlocked, isManaged, coolingHours, lockdownUntil }: Guard, now: Moment): Gate {
  if (isManaged) return { kind: "closed", why: "managed" };
  if (lockdownUntil !== null && lockdownUntil > now) return { kind: "closed", why: "lockdown" };
  if (hasLock && !isUnlocked) return { kind: "closed", why: "locked" };
  return coolingHours > 0 ? { kind: "wait", until: now + coolingHours * HOUR_MS } : { kind: "open" };
}

/** When a lock that is given up at this moment is gone, and the journal that it closes with it. */
export function forgottenAt(coolingHours: number, now: Moment): Moment {
  return now + Math.max(LEAST_FORGETTING_HOURS, coolingHours) * HOUR_MS;
}

/**
 * The pending changes with another one. One that asks for the same place takes its predecessor's, and waits anew: who
 * asks for more cannot use up the time that was waited for less.
 */
export function withPending(pending: readonly Pending[], added: Pending): Pending[] {
  const others = pending.filter(({ change }) => placeOf(change) !== placeOf(added.change));
  return [...others, added].slice(-MAX_PENDING);
}

/** What a change is about: two with the same place cannot both come true. */
function placeOf(change: Change): string {
  switch (change.kind) {
    case "setting":
      return Array.isArray(change.value) ? `${change.path} ${JSON.stringify(change.value)}` : change.path;
    case "budget":
      return `budget ${change.name}`;
    case "list":
      return `list ${change.id}`;
    case "pack":
      return `pack ${change.change.kind === "add" ? change.change.pin.sha256 : change.change.sha256}`;
    default:
      return change.kind;
  }
}

/** Those whose time has come. During a lockdown none has, nor where an organisation forbids it. */
export function dueOf(pending: readonly Pending[], guard: Guard, now: Moment): readonly Pending[] {
  const isHeld = guard.isManaged || (guard.lockdownUntil !== null && guard.lockdownUntil > now);
  return isHeld ? [] : pending.filter(({ dueAt }) => dueAt <= now);
}

/** When to look again; undefined where nothing waits. */
export function nextDue(pending: readonly Pending[], lockdownUntil: Moment | null): Moment | undefined {
  if (pending.length === 0) return undefined;
  const first = pending.reduce((soonest, { dueAt }) => Math.min(soonest, dueAt), Number.POSITIVE_INFINITY);
  return Math.max(first, lockdownUntil ?? 0);
}

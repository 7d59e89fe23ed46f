import { WardlightError } from "../errors.ts";
import type { Moment } from "../types.ts";
import { type Change, MAX_COOLING_HOURS, MAX_PENDING, type Pending } from "./gate.ts";
import { RULE_OF } from "./weakening.ts";

/** What opens a lock: words that somebody knows, a random code that somebody keeps, a key that somebody holds. */
export const SLOT_KINDS = ["passphrase", "code", "key"] as const;
export type SlotKind = (typeof SLOT_KINDS)[number];

/**
 * The lock's key, wrapped by one secret (AES-256-GCM with a key of PBKDF2-HMAC-SHA-256, RFC 8018). Bytes are lower-case
 * hexadecimal. Any slot opens the lock, and none says anything of another.
 */
export interface Slot {
  readonly kind: SlotKind;
  readonly addedAt: Moment;
  readonly iterations: number;
  readonly salt: string;
  readonly iv: string;
  readonly wrapped: string;
  /** Of a security key: the credential's id. */
  readonly credential?: string;
}

/** The lock and what waits for its time, as they are stored. Without slots there is no lock; the rest holds all the same. */
export interface Lock {
  /** At most one of a kind. */
  readonly slots: readonly Slot[];
  readonly coolingHours: number;
  readonly lockdownUntil: Moment | null;
  readonly pending: readonly Pending[];
}

export const NO_LOCK: Lock = { slots: [], coolingHours: 0, lockdownUntil: null, pending: [] };

const HEX = /^(?:[0-9a-f]{2})+$/;
const MAX_ITERATIONS = 10_000_000;

/** Reads a lock as it is stored. @throws WardlightError `validation` */
export function parseLock(value: unknown): Lock {
  if (value === undefined || value === null) return NO_LOCK;
  const { slots, coolingHours, lockdownUntil, pending } = { ...NO_LOCK, ...(value as Partial<Lock>) };
  check("slots", Array.isArray(slots) && slots.length <= SLOT_KINDS.length && slots.every(isSlot));
  check("coolingHours", isHours(coolingHours));
  check("lockdownUntil", lockdownUntil === null || Number.isFinite(lockdownUntil));
  check("pending", Array.isArray(pending) && pending.length <= MAX_PENDING && pending.every(isPending));
  return { slots, coolingHours, lockdownUntil, pending };
}

/** Whole hours, up to a week. */
export function isHours(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_COOLING_HOURS;
}

/** The lock with a slot in the place of the one of its kind. */
export function withSlot(lock: Lock, slot: Slot): Lock {
  return { ...lock, slots: [...lock.slots.filter(({ kind }) => kind !== slot.kind), slot] };
}

function isSlot(value: unknown): value is Slot {
  const { kind, addedAt, iterations, salt, iv, wrapped, credential } = (value ?? {}) as Partial<Slot>;
  const areBytes = [salt, iv, wrapped].every((bytes) => typeof bytes === "string" && HEX.test(bytes));
  const isSound =
    Number.isInteger(iterations) && (iterations as number) > 0 && (iterations as number) <= MAX_ITERATIONS;
  const isKnown = SLOT_KINDS.some((one) => one === kind) && Number.isFinite(addedAt);
  return areBytes && isSound && isKnown && (credential === undefined || HEX.test(String(credential)));
}

function isPending(value: unknown): value is Pending {
  const { id, askedAt, dueAt, change } = (value ?? {}) as Partial<Pending>;
  return typeof id === "string" && Number.isFinite(askedAt) && Number.isFinite(dueAt) && isChange(change);
}

function isChange(value: unknown): value is Change {
  const change = (value ?? {}) as Change;
  switch (change.kind) {
    case "setting":
      return RULE_OF.has(change.path) && change.value !== undefined;
    case "budget":
      return typeof change.name === "string";
    case "list":
      return typeof change.id === "string";
    case "pack":
      return typeof change.change === "object";
    case "cooling":
      return isHours(change.hours);
    default:
      return change.kind === "forget";
  }
}

function check(field: string, isSound: boolean): void {
  if (!isSound) throw new WardlightError("validation", `What is stored of the lock is damaged: "${field}".`);
}

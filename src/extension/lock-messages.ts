import type { AuditChange } from "../core/audit.ts";
import type { Pending } from "../core/lock/gate.ts";
import type { Slot, SlotKind } from "../core/lock/lock.ts";
import type { Moment } from "../core/types.ts";

/** What own pages ask of the lock; a part of the door `console` in messages.ts. */
export interface LockMessages {
  lock: (request: null) => LockState;
  /** Whether it opened. A security key's secret is what the key answers with, in hexadecimal. */
  unlock: (request: { readonly secret: string }) => boolean;
  /** Answers with the lock as it is then. */
  changeLock: (request: LockRequest) => LockState;
  /** Rejects where not everything may be replaced at once, as restoring a backup does. */
  permit: (request: null) => true;
  /** What was changed about the guard, newest first. Rejects while the journal is locked. */
  changes: (request: { readonly limit: number }) => readonly AuditRow[];
}

export type LockRequest =
  | { readonly kind: "close" }
  /** Puts a secret in the place of the one of its kind; with the first of all the lock begins to hold. */
  | { readonly kind: "secret"; readonly slot: SlotKind; readonly secret: string; readonly credential?: string }
  /** Takes a secret away; with the last one the lock. */
  | { readonly kind: "drop"; readonly slot: SlotKind }
  /** Gives up a lock that cannot be opened any more, and what it closes. */
  | { readonly kind: "forget" }
  | { readonly kind: "cooling"; readonly hours: number }
  | { readonly kind: "lockdown"; readonly until: Moment }
  | { readonly kind: "cancel"; readonly id: string };

export interface LockState {
  readonly secrets: readonly Pick<Slot, "kind" | "addedAt" | "credential">[];
  /** Until when it is open; null where it is closed, or there is none. */
  readonly openUntil: Moment | null;
  readonly coolingHours: number;
  readonly lockdownUntil: Moment | null;
  readonly pending: readonly Pending[];
  /** Places of settings that an organisation has set. */
  readonly managed: readonly string[];
  /** An organisation lets nobody weaken anything. */
  readonly isManaged: boolean;
  /** Reading the journal takes what opens the lock. */
  readonly isJournalLocked: boolean;
}

/** An entry of the journal about the guard itself. */
export interface AuditRow {
  readonly n: number;
  readonly at: Moment;
  readonly changes: readonly AuditChange[];
}

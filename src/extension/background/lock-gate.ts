import { WardlightError } from "../../core/errors.ts";
import { type Change, type Gate, type Guard, gateOf, nextDue, withPending } from "../../core/lock/gate.ts";
import { type Lock, NO_LOCK, parseLock } from "../../core/lock/lock.ts";
import { browser, t } from "../browser.ts";
import { lockOpenUntil } from "../lock-key.ts";
import { readManaged } from "./managed.ts";

const KEY = "lock";
/** When what waits is to be looked at again. */
export const DUE = "pending-due";

/** The lock lies beside the settings, in `storage.local`: it holds in private windows too. */
export async function readLock(): Promise<Lock> {
  try {
    return parseLock((await browser.storage.local.get(KEY))[KEY]);
  } catch (error) {
    console.warn("What is stored of the lock is damaged; there is none.", error);
    return NO_LOCK;
  }
}

export async function writeLock(lock: Lock): Promise<void> {
  await browser.storage.local.set({ [KEY]: lock });
  const due = nextDue(lock.pending, lock.lockdownUntil);
  if (due === undefined) await browser.alarms.clear(DUE);
  else browser.alarms.create(DUE, { when: Math.max(due, Date.now()) });
}

export async function guardOf({ slots, coolingHours, lockdownUntil }: Lock): Promise<Guard> {
  const [managed, openUntil] = await Promise.all([readManaged(), lockOpenUntil()]);
  return {
    hasLock: slots.length > 0,
    isUnlocked: openUntil !== null,
    isManaged: managed.isLocked,
    coolingHours: Math.max(coolingHours, managed.coolingHours),
    lockdownUntil,
  };
}

/**
 * Lets changes that weaken protection pass, or puts them off until they have waited. Call in turn with everything else
 * that changes the lock or the settings (`inTurn`).
 * @throws WardlightError `security`, in the user's language, where nothing may be weakened.
 */
export async function admit(changes: readonly Change[]): Promise<"now" | "later"> {
  if (changes.length === 0) return "now";
  const [lock, now] = [await readLock(), Date.now()];
  const gate = gateOf(await guardOf(lock), now);
  if (gate.kind === "closed") throw refusal(gate.why);
  if (gate.kind === "open") return "now";
  const asked = changes.map((change) => ({ id: crypto.randomUUID(), askedAt: now, dueAt: gate.until, change }));
  await writeLock({ ...lock, pending: asked.reduce(withPending, lock.pending) });
  return "later";
}

/** Lets pass what weakens no setting but takes an open lock; it does not wait. @throws as `admit` */
export async function admitAtOnce(): Promise<void> {
  const gate = gateOf(await guardOf(await readLock()), Date.now());
  if (gate.kind === "closed") throw refusal(gate.why);
}

/** Lets pass what may weaken anything and cannot be put off. @throws as `admit`, and where it would have to wait */
export async function admitWhole(): Promise<void> {
  await admitAtOnce();
  const { coolingHours } = await guardOf(await readLock());
  if (coolingHours > 0) throw new WardlightError("security", t("refused_cooling"));
}

/** In the user's language. */
export function refusal(why: Extract<Gate, { kind: "closed" }>["why"]): WardlightError {
  return new WardlightError("security", t(`refused_${why}`));
}

let last: Promise<unknown> = Promise.resolve();

/** Of two changes at once the second rests on what the first has left. Never call it from within a turn. */
export function inTurn<T>(job: () => Promise<T>): Promise<T> {
  const next = last.then(job);
  last = next.catch(() => {});
  return next;
}

import type { AuditChange } from "../../core/audit.ts";
import { WardlightError } from "../../core/errors.ts";
import { isCode, readCode } from "../../core/lock/code.ts";
import { type Change, dueOf, forgottenAt, MAX_LOCKDOWN_DAYS, type Pending, withPending } from "../../core/lock/gate.ts";
import { isHours, type Lock, type Slot, withSlot } from "../../core/lock/lock.ts";
import type { Journal } from "../../storage/journal.ts";
import { type LockKey, makeSlot, newLockKey, openSlot } from "../../storage/lock-slots.ts";
import { browser, t } from "../browser.ts";
import { dropLockKey, keepLockKey, lockOpenUntil, readLockKey } from "../lock-key.ts";
import type { LockMessages, LockRequest, LockState } from "../lock-messages.ts";
import type { Handlers } from "../messages.ts";
import { admit, admitAtOnce, admitWhole, DUE, guardOf, inTurn, readLock, refusal, writeLock } from "./lock-gate.ts";
import { readManaged } from "./managed.ts";

/** The journal as the lock needs it. */
export type LockJournal = Pick<Journal, "isLocked" | "lock" | "unlockForGood" | "forgetKeys"> & {
  /** What the lock closes goes, with everything that was counted from it. */
  giveUp(): Promise<void>;
  noteChanges(changes: readonly AuditChange[]): Promise<void>;
  changes(limit: number): Promise<Awaited<ReturnType<Journal["changes"]>>>;
};

/** An opened lock closes by itself. */
const OPEN_MS = 30 * 60_000;
const CLOSE = "lock-closes";
const DAY_MS = 86_400_000;
const KEY_ANSWER = /^[0-9a-f]{64}$/;
const LEAST_SECRET = 8;
const MAX_SECRET = 1_024;

/** What can wait besides what is the lock's own. */
export type Waiting = Exclude<Change, { kind: "cooling" | "forget" }>;

/**
 * Serves the lock, and does what has waited when its time has come. Must be called in the background's first tick.
 * @param carryOut does a change without asking again
 * @param applied called after something that waited was done
 */
export function lockConsole(
  journal: LockJournal,
  carryOut: (change: Waiting) => Promise<unknown>,
  applied: () => Promise<void>,
): Pick<Handlers<"console">, keyof LockMessages> {
  const settled = async () => {
    if (await inTurn(() => settle(journal, carryOut))) await applied();
  };
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === DUE) void settled();
    if (name === CLOSE) void inTurn(() => close(journal));
  });
  return {
    async lock() {
      await settled();
      return stateOf(journal);
    },
    unlock: ({ secret }) => inTurn(() => open(journal, String(secret))),
    async changeLock(request) {
      await inTurn(() => changeLock(journal, request));
      return stateOf(journal);
    },
    async permit(): Promise<true> {
      await admitWhole();
      return true;
    },
    changes: async ({ limit }) => (await journal.changes(limit)).map(({ n, at, changes }) => ({ n, at, changes })),
  };
}

async function stateOf(journal: LockJournal): Promise<LockState> {
  const [lock, managed, openUntil, isSealed] = await Promise.all([
    readLock(),
    readManaged(),
    lockOpenUntil(),
    journal.isLocked().catch(() => false),
  ]);
  const { coolingHours } = await guardOf(lock);
  return {
    secrets: lock.slots.map(({ kind, addedAt, credential }) => ({
      kind,
      addedAt,
      ...(credential === undefined ? {} : { credential }),
    })),
    openUntil,
    coolingHours,
    lockdownUntil: lock.lockdownUntil !== null && lock.lockdownUntil > Date.now() ? lock.lockdownUntil : null,
    pending: lock.pending,
    managed: [...managed.values.keys()],
    isManaged: managed.isLocked,
    isJournalLocked: isSealed && openUntil === null,
  };
}

/** Does what is due; one that cannot be done any more is dropped. Answers whether there was any. */
async function settle(journal: LockJournal, carryOut: (change: Waiting) => Promise<unknown>): Promise<boolean> {
  const lock = await readLock();
  const due = dueOf(lock.pending, await guardOf(lock), Date.now());
  for (const { change } of due) {
    const done =
      change.kind === "forget" ? giveUp(journal) : change.kind === "cooling" ? cool(change.hours) : carryOut(change);
    await done.catch((error) => console.warn("A change that had waited could not be made.", error));
  }
  if (due.length === 0) return false;
  const now = await readLock();
  await writeLock({ ...now, pending: now.pending.filter(({ id }) => due.every((one) => one.id !== id)) });
  return true;
}

async function changeLock(journal: LockJournal, request: LockRequest): Promise<void> {
  switch (request.kind) {
    case "close":
      return close(journal);
    case "secret":
      return putSecret(journal, request);
    case "drop":
      return dropSecret(journal, request.slot);
    case "forget":
      return forget(journal);
    case "cooling":
      return changeCooling(request.hours);
    case "lockdown":
      return lockDown(request.until);
    case "cancel": {
      const lock = await readLock();
      return writeLock({ ...lock, pending: lock.pending.filter(({ id }) => id !== request.id) });
    }
  }
}

async function open(journal: LockJournal, secret: string): Promise<boolean> {
  const key = await keyFor(await readLock(), secret);
  if (key) {
    await keepLockKey(key, Date.now() + OPEN_MS);
    browser.alarms.create(CLOSE, { delayInMinutes: OPEN_MS / 60_000 });
    // It was killed between the lock and its journal.
    if (!(await journal.isLocked())) await journal.lock(key);
  }
  await journal.noteChanges([{ about: "lock", what: key ? "opened" : "refused" }]);
  return key !== undefined;
}

async function keyFor({ slots }: Lock, secret: string): Promise<LockKey | undefined> {
  if (secret.length > MAX_SECRET) return undefined;
  for (const slot of slots) {
    // Each try is dear: what cannot be a code or a key's answer is not tried as one.
    const typed = slot.kind === "code" ? readCode(secret) : secret;
    const mayFit = slot.kind === "code" ? isCode(typed) : slot.kind !== "key" || KEY_ANSWER.test(typed);
    const key = mayFit ? await openSlot(slot, typed) : undefined;
    if (key) return key;
  }
  return undefined;
}

async function close(journal: LockJournal): Promise<void> {
  await dropLockKey();
  await journal.forgetKeys();
}

/** With the first secret the lock closes; another one takes an open lock. */
async function putSecret(journal: LockJournal, { slot: kind, secret, credential }: SecretRequest): Promise<void> {
  if (secret.length < LEAST_SECRET || secret.length > MAX_SECRET) {
    throw new WardlightError("validation", t("lock_short", LEAST_SECRET));
  }
  const lock = await readLock();
  const isFirst = lock.slots.length === 0;
  if (!isFirst) await admitAtOnce();
  const key = isFirst ? newLockKey() : await readLockKey();
  if (!key) throw refusal("locked");
  const rest = credential === undefined ? {} : { credential };
  const slot = await makeSlot({ kind, addedAt: Date.now(), ...rest }, kind === "code" ? readCode(secret) : secret, key);
  // The lock first: a journal whose lock was never stored would be closed for good.
  await writeLock(withSlot(lock, slot));
  if (isFirst) await journal.lock(key);
}

async function dropSecret(journal: LockJournal, kind: Slot["kind"]): Promise<void> {
  await admitAtOnce();
  const [lock, key] = [await readLock(), await readLockKey()];
  const slots = lock.slots.filter((slot) => slot.kind !== kind);
  if (slots.length === 0 && key) {
    await journal.unlockForGood(key);
    await dropLockKey();
  }
  await writeLock({ ...lock, slots });
}

/** Nobody can open it, so nobody is asked to; the time that it takes is what keeps it from being a way around. */
async function forget(journal: LockJournal): Promise<void> {
  const [lock, now] = [await readLock(), Date.now()];
  const guard = await guardOf(lock);
  if (guard.isManaged) throw refusal("managed");
  if (lock.slots.length === 0) return giveUp(journal);
  const dueAt = forgottenAt(guard.coolingHours, now);
  const asked: Pending = { id: crypto.randomUUID(), askedAt: now, dueAt, change: { kind: "forget" } };
  await writeLock({ ...lock, pending: withPending(lock.pending, asked) });
}

async function giveUp(journal: LockJournal): Promise<void> {
  await journal.giveUp();
  await dropLockKey();
  await writeLock({ ...(await readLock()), slots: [] });
}

async function changeCooling(hours: number): Promise<void> {
  if (!isHours(hours)) throw new WardlightError("validation", t("lock_badHours"));
  const isWeaker = hours < (await readLock()).coolingHours;
  if (!isWeaker || (await admit([{ kind: "cooling", hours }])) === "now") await cool(hours);
}

async function cool(hours: number): Promise<void> {
  await writeLock({ ...(await readLock()), coolingHours: hours });
}

/** It can be made longer, never shorter. */
async function lockDown(until: number): Promise<void> {
  const [lock, now] = [await readLock(), Date.now()];
  const isSound = Number.isFinite(until) && until > Math.max(now, lock.lockdownUntil ?? 0);
  if (!isSound || until > now + MAX_LOCKDOWN_DAYS * DAY_MS) {
    throw new WardlightError("validation", t("lock_badLockdown", MAX_LOCKDOWN_DAYS));
  }
  await writeLock({ ...lock, lockdownUntil: until });
}

type SecretRequest = Extract<LockRequest, { kind: "secret" }>;

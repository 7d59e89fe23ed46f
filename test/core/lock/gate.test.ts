import { describe, expect, test } from "vitest";
import {
  type Change,
  dueOf,
  forgottenAt,
  type Guard,
  gateOf,
  HOUR_MS,
  MAX_PENDING,
  nextDue,
  type Pending,
  withPending,
} from "../../../src/core/lock/gate.ts";

const NOW = 1_000_000;
const OPEN: Guard = { hasLock: false, isUnlocked: false, isManaged: false, coolingHours: 0, lockdownUntil: null };
const closed = (why: string) => ({ kind: "closed", why });
const wait = (hours: number) => ({ kind: "wait", until: NOW + hours * HOUR_MS });

test.each<[Partial<Guard>, object]>([
  [{}, { kind: "open" }],
  [{ coolingHours: 2 }, wait(2)],
  [{ hasLock: true }, closed("locked")],
  [{ hasLock: true, coolingHours: 2 }, closed("locked")],
  [{ hasLock: true, isUnlocked: true }, { kind: "open" }],
  [{ hasLock: true, isUnlocked: true, coolingHours: 2 }, wait(2)],
  [{ lockdownUntil: NOW + 1 }, closed("lockdown")],
  [{ lockdownUntil: NOW }, { kind: "open" }],
  [{ hasLock: true, isUnlocked: true, lockdownUntil: NOW + 1 }, closed("lockdown")],
  [{ isManaged: true, hasLock: true, isUnlocked: true }, closed("managed")],
])("what weakens under %j is %j", (guard, gate) => {
  expect(gateOf({ ...OPEN, ...guard }, NOW)).toEqual(gate);
});

describe("what waits", () => {
  const pending = (id: string, change: Change, dueAt = NOW): Pending => ({ id, askedAt: 0, dueAt, change });
  const level = (id: string, value: string, dueAt?: number) =>
    pending(id, { kind: "setting", path: "level", value }, dueAt);

  test("a wish for the same setting takes the place of the one before; other hosts of a list stand beside each other", () => {
    const hosts = (id: string, host: string) => pending(id, { kind: "setting", path: "allowlist", value: [host] });
    const all = [level("1", "balanced"), hosts("2", "a.example"), hosts("3", "b.example"), level("4", "relaxed")];
    expect(all.reduce<Pending[]>(withPending, []).map(({ id }) => id)).toEqual(["2", "3", "4"]);
  });

  test("there is a bound", () => {
    const many = Array.from({ length: 2 * MAX_PENDING }, (_, i) =>
      pending(String(i), { kind: "setting", path: "allowlist", value: [`${i}.example`] }),
    );
    expect(many.reduce<Pending[]>(withPending, [])).toHaveLength(MAX_PENDING);
  });

  test("is due at its time, but not in a lockdown", () => {
    const all = [level("1", "relaxed", NOW), level("2", "relaxed", NOW + 1)];
    expect(dueOf(all, OPEN, NOW)).toEqual([all[0]]);
    expect(dueOf(all, { ...OPEN, lockdownUntil: NOW + 5 }, NOW + 1)).toEqual([]);
    expect(dueOf(all, { ...OPEN, lockdownUntil: NOW + 5 }, NOW + 5)).toEqual(all);
    expect(dueOf(all, { ...OPEN, isManaged: true }, NOW + 5)).toEqual([]);
    expect([nextDue(all, null), nextDue(all, NOW + 5), nextDue([], NOW)]).toEqual([NOW, NOW + 5, undefined]);
  });

  test("a lock is given up after a day at least, and never sooner than a setting would be weakened", () => {
    expect(forgottenAt(0, NOW)).toBe(NOW + 24 * HOUR_MS);
    expect(forgottenAt(72, NOW)).toBe(NOW + 72 * HOUR_MS);
  });
});

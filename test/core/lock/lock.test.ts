import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WardlightError } from "../../../src/core/errors.ts";
import { CODE_LENGTHS, codeOf, isCode, readCode } from "../../../src/core/lock/code.ts";
import { NO_LOCK, parseLock, type Slot, withSlot } from "../../../src/core/lock/lock.ts";

const slot: Slot = { kind: "passphrase", addedAt: 1, iterations: 600_000, salt: "00", iv: "11", wrapped: "22" };

describe("the lock as it is stored", () => {
  test("nothing is no lock, and a sound one is read as it is", () => {
    expect(parseLock(undefined)).toEqual(NO_LOCK);
    const lock = {
      slots: [slot],
      coolingHours: 24,
      lockdownUntil: 5,
      pending: [{ id: "1", askedAt: 1, dueAt: 2, change: { kind: "setting", path: "drafts.pii", value: "off" } }],
    };
    expect(parseLock(structuredClone(lock))).toEqual(lock);
  });

  test.each([
    { slots: [{ ...slot, wrapped: "xyz" }] },
    { slots: [{ ...slot, iterations: 1e9 }] },
    { slots: [{ ...slot, kind: "guess" }] },
    { coolingHours: -1 },
    { coolingHours: 1_000 },
    { lockdownUntil: "tomorrow" },
    { pending: [{ id: "1", askedAt: 1, dueAt: 2, change: { kind: "setting", path: "colour", value: 1 } }] },
    { pending: [{ id: "1", askedAt: 1, dueAt: 2, change: { kind: "cooling", hours: 0.5 } }] },
  ])("%j is damaged", (stored) => {
    expect(() => parseLock(stored)).toThrow(WardlightError);
  });

  test("whatever is stored, reading it gives a lock or a WardlightError", () => {
    const part = fc.oneof(fc.anything(), fc.array(fc.anything(), { maxLength: 2 }));
    fc.assert(
      fc.property(fc.record({ slots: part, pending: part, coolingHours: part, lockdownUntil: part }), (stored) => {
        try {
          parseLock(stored);
        } catch (error) {
          expect(error).toBeInstanceOf(WardlightError);
        }
      }),
    );
  });

  test("a slot takes the place of the one of its kind", () => {
    const code: Slot = { ...slot, kind: "code" };
    const lock = withSlot(withSlot(withSlot(NO_LOCK, slot), code), { ...slot, addedAt: 9 });
    expect(lock.slots).toEqual([code, { ...slot, addedAt: 9 }]);
  });
});

describe("a random code", () => {
  test("has as many characters as asked for, of an alphabet without look-alikes, in groups of four", () => {
    for (const length of CODE_LENGTHS) {
      const code = codeOf(crypto.getRandomValues(new Uint8Array(length)));
      expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-)+[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(code.replaceAll("-", "")).toHaveLength(length);
    }
  });

  test("uses every character equally often", () => {
    const counts = new Map<string, number>();
    const all = codeOf(Uint8Array.from({ length: 256 }, (_, i) => i)).replaceAll("-", "");
    for (const character of all) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect([...counts.values()]).toEqual(Array(32).fill(8));
  });

  test("is understood as people type it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (random) => {
        const code = codeOf(random);
        const typed = code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");
        expect(readCode(typed)).toBe(code);
        expect(readCode(code)).toBe(code);
        expect([isCode(code), isCode(code.slice(1)), isCode(`U${code.slice(1)}`)]).toEqual([true, false, false]);
      }),
    );
  });
});

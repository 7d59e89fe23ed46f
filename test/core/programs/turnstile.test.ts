import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BusyError, Turnstile } from "../../../src/core/programs/turnstile.ts";

const PACE = { perSecond: 2, burst: 3, atOnce: 10 };
const enters = (turnstile: Turnstile, program: string, at: number) => {
  try {
    turnstile.enter(program, at)();
    return true;
  } catch (error) {
    if (error instanceof BusyError) return false;
    throw error;
  }
};

describe("the turnstile", () => {
  test("lets a burst in, then what the pace allows, each program by itself", () => {
    const turnstile = new Turnstile(PACE);
    const now = [0, 0, 0, 0, 499, 500, 500, 1_000].map((at) => enters(turnstile, "a", at));
    expect(now).toEqual([true, true, true, false, false, true, false, true]);
    expect(enters(turnstile, "b", 1_000)).toBe(true);
  });

  test("says when to ask again, and what was refused costs nothing", () => {
    const turnstile = new Turnstile({ ...PACE, burst: 1 });
    turnstile.enter("a", 0);
    for (let i = 0; i < 5; i++) expect(() => turnstile.enter("a", 100)).toThrow(BusyError);
    try {
      turnstile.enter("a", 100);
    } catch (error) {
      expect(error).toMatchObject({ code: "resource", afterMs: 400 });
    }
    expect(enters(turnstile, "a", 500)).toBe(true);
  });

  test("no more wait at once than may", () => {
    const turnstile = new Turnstile({ ...PACE, burst: 10, atOnce: 2 });
    const leave = turnstile.enter("a", 0);
    turnstile.enter("a", 0);
    expect(enters(turnstile, "a", 0)).toBe(false);
    leave();
    expect(enters(turnstile, "a", 0)).toBe(true);
  });

  test("a law: in no span of time does a program enter more often than burst and pace allow", () => {
    const steps = fc.array(fc.integer({ min: -500, max: 2_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (waits) => {
        const turnstile = new Turnstile(PACE);
        let [at, latest, passed] = [0, 0, 0];
        for (const wait of waits) {
          at += wait;
          latest = Math.max(latest, at);
          if (enters(turnstile, "a", at)) passed++;
        }
        // A clock that goes back and forth counts its way forth each time; one that only goes on, the span.
        const forth = waits.reduce((sum, wait) => sum + Math.max(0, wait), 0);
        expect(passed).toBeLessThanOrEqual(PACE.burst + (forth / 1000) * PACE.perSecond + 1e-9);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Asker, Shared } from "../../src/extension/offscreen/shared.ts";
import { Turns } from "../../src/extension/offscreen/turns.ts";

const never = new AbortController().signal;
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Takes turns one at a time and notes in which order the wishes came to theirs. */
async function orderOf(wishes: readonly { owner: object; urgency: number }[], change: () => void = () => {}) {
  const turns = new Turns(1);
  const order: number[] = [];
  let open = () => {};
  const held = turns.take({ owner: {}, urgency: 0 }, never, () => new Promise<void>((resolve) => (open = resolve)));
  await settle();
  const jobs = wishes.map((wish, i) => turns.take(wish, never, async () => void order.push(i)));
  change();
  open();
  await Promise.all([held, ...jobs]);
  return order;
}

describe("turns", () => {
  test("the most urgent first; of one page, in order", async () => {
    const owner = {};
    expect(await orderOf([2, 1, 0, 1, 0].map((urgency) => ({ owner, urgency })))).toEqual([2, 4, 1, 3, 0]);
  });

  test("equals take turns by page, so that a long page keeps no short one waiting", async () => {
    const [long, short] = [{}, {}];
    const wishes = [long, long, long, long, short, short].map((owner) => ({ owner, urgency: 1 }));
    expect(await orderOf(wishes)).toEqual([0, 4, 1, 5, 2, 3]);
  });

  test("a wish that grows urgent while it waits is heard", async () => {
    const owner = {};
    const wishes = [1, 1, 2].map((urgency) => ({ owner, urgency }));
    expect(await orderOf(wishes, () => Object.assign(wishes[2] as object, { urgency: 0 }))).toEqual([2, 0, 1]);
  });

  test("nobody is forgotten, none comes before a more urgent one, and the limits hold", async () => {
    const wish = fc.record({ owner: fc.nat(2), urgency: fc.nat(2), isGone: fc.boolean() });
    const property = fc.asyncProperty(fc.array(wish), fc.integer({ min: 1, max: 4 }), async (wishes, limit) => {
      const turns = new Turns(limit, 2);
      const owners = [{}, {}, {}];
      const running = new Map<object, number>();
      let done = 0;
      const jobs = wishes.map(({ owner, urgency, isGone }) => {
        const controller = new AbortController();
        const whose = owners[owner] as object;
        const job = turns.take({ owner: whose, urgency }, controller.signal, async () => {
          running.set(whose, (running.get(whose) ?? 0) + 1);
          expect(running.get(whose)).toBeLessThanOrEqual(2);
          expect([...running.values()].reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(limit);
          await settle();
          running.set(whose, (running.get(whose) ?? 0) - 1);
          done++;
        });
        if (isGone) controller.abort();
        return job;
      });
      const results = await Promise.allSettled(jobs);
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(done);
      expect(done).toBeGreaterThanOrEqual(wishes.filter(({ isGone }) => !isGone).length);
    });
    await fc.assert(property, { numRuns: 40 });
  });

  test("one that leaves before its turn is told why, and its place is free", async () => {
    const turns = new Turns(1);
    let open = () => {};
    const held = turns.take({ owner: {}, urgency: 0 }, never, () => new Promise<void>((resolve) => (open = resolve)));
    await settle();
    const leaving = new AbortController();
    const gone = turns.take({ owner: {}, urgency: 0 }, leaving.signal, async () => "never");
    leaving.abort(new Error("scrolled away"));
    await expect(gone).rejects.toThrow("scrolled away");
    open();
    await held;
    expect(await turns.take({ owner: {}, urgency: 2 }, never, async () => "free")).toBe("free");
  });

  test("a job that fails gives its place back", async () => {
    const turns = new Turns(1);
    await expect(turns.take({ owner: {}, urgency: 0 }, never, () => Promise.reject(new Error("no")))).rejects.toThrow();
    expect(await turns.take({ owner: {}, urgency: 0 }, never, async () => "next")).toBe("next");
  });
});

describe("shared work", () => {
  const asker = (urgency = 2) => {
    const controller = new AbortController();
    return { wish: { owner: {}, urgency }, signal: controller.signal, leave: () => controller.abort() };
  };
  function work() {
    const shared = new Shared<string>();
    let finish = (_: string) => {};
    const started: Asker[] = [];
    const join = (who: Asker) =>
      shared.join("key", who, (by) => {
        started.push(by);
        return new Promise((resolve, reject) => {
          finish = resolve;
          by.signal.addEventListener("abort", () => reject(by.signal.reason));
        });
      });
    return { join, started, finish: (value: string) => finish(value) };
  }

  test("is done once for all who ask, as urgently as the one in the greatest hurry wants it", async () => {
    const { join, started, finish } = work();
    const answers = [join(asker(2)), join(asker(0)), join(asker(1))];
    expect([started.length, started[0]?.wish.urgency]).toEqual([1, 0]);
    finish("done");
    expect(await Promise.all(answers)).toEqual(["done", "done", "done"]);
    void join(asker());
    expect(started).toHaveLength(2);
  });

  test("goes on while anybody waits, and ends with the last", async () => {
    const { join, started } = work();
    const [first, second] = [asker(0), asker(2)];
    const answers = [join(first), join(second)];
    first.leave();
    await expect(answers[0]).rejects.toThrow();
    expect([started[0]?.signal.aborted, started[0]?.wish.urgency]).toEqual([false, 2]);
    second.leave();
    await expect(answers[1]).rejects.toThrow();
    expect(started[0]?.signal.aborted).toBe(true);
    void join(asker());
    expect(started).toHaveLength(2);
  });

  test("whoever has left already does not join", async () => {
    const { join, started } = work();
    const gone = asker();
    gone.leave();
    await expect(join(gone)).rejects.toThrow();
    expect(started).toHaveLength(0);
  });
});

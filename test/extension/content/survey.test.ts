import { beforeEach, expect, test, vi } from "vitest";
import { Survey } from "../../../src/extension/content/survey.ts";

/** What the browser would call: by turns, so that a test says what comes first. */
let frames: (() => void)[];
let tasks: (() => void)[];
let idle: (() => void)[];
/** A look takes a millisecond. */
let now: number;
let done: string[];
let survey: Survey;

beforeEach(() => {
  [frames, tasks, idle, done, now] = [[], [], [], [], 0];
  vi.stubGlobal("requestAnimationFrame", (job: () => void) => frames.push(job));
  vi.stubGlobal("requestIdleCallback", (job: () => void) => idle.push(job));
  vi.stubGlobal("setTimeout", (job: () => void) => tasks.push(job));
  vi.stubGlobal("performance", { now: () => now });
  vi.stubGlobal("document", { hidden: false });
  const noted = (what: string) => (element: Element) => void done.push(`${what} ${element.id}`);
  survey = new Survey({
    look(element) {
      now++;
      noted("look")(element);
    },
    withhold: noted("withhold"),
    release: noted("release"),
  });
});

const elements = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `${i}`, isConnected: true }) as Element);
const run = (jobs: (() => void)[]) => {
  for (const job of jobs.splice(0)) job();
};
const count = (what: string) => done.filter((line) => line.startsWith(what)).length;

test("a few are looked at before the next frame, and nothing is withheld", () => {
  survey.soon(elements(10));
  expect(done).toEqual([]);
  run(frames);
  expect([count("look"), count("withhold"), survey.isBusy]).toEqual([10, 0, false]);
});

test.each([40, 1_000])("of %i a frame leaves none both unread and unwithheld", (all) => {
  survey.soon(elements(all));
  run(frames);
  const looked = new Set(done.filter((line) => line.startsWith("look")).map((line) => line.split(" ")[1]));
  expect(looked.size).toBeLessThan(all);
  expect(count("withhold")).toBe(all - looked.size);
  expect(survey.isBusy).toBe(true);
});

test("what was withheld is looked at in slices, and each look is followed by its release", () => {
  survey.soon(elements(1_000));
  run(frames);
  while (survey.isBusy) {
    const before = now;
    run(tasks);
    expect(now - before).toBeGreaterThan(0);
    expect(now - before).toBeLessThanOrEqual(5);
  }
  expect([count("look"), count("release")]).toEqual([1_000, 1_000]);
});

test("while it is held, a frame withholds all, and the look comes after it", () => {
  survey.hold();
  survey.now(elements(3));
  run(frames);
  expect(done).toEqual(["withhold 0", "withhold 1", "withhold 2"]);
  run(tasks);
  expect([count("look"), count("release"), survey.isBusy]).toEqual([3, 3, false]);
});

test("a frame leaves alone what may wait until the browser is idle", () => {
  const root = { nodeType: 9 } as unknown as Node;
  const [element] = elements(1);
  vi.stubGlobal("Element", class {});
  vi.stubGlobal("NodeFilter", { SHOW_ELEMENT: 1 });
  const nodes = [element];
  vi.stubGlobal("document", { hidden: false, createTreeWalker: () => ({ nextNode: () => nodes.shift() ?? null }) });
  survey.later(root);
  survey.soon(elements(1));
  run(frames);
  expect(count("look")).toBe(1);
  run(idle);
  expect(count("look")).toBe(2);
});

import { beforeEach, expect, test, vi } from "vitest";

const stored: Record<string, unknown> = {};
vi.mock("webextension-polyfill", () => ({
  default: {
    storage: {
      session: {
        get: async (key: string) => ({ [key]: stored[key] }),
        set: async (values: object) => void Object.assign(stored, structuredClone(values)),
      },
    },
  },
}));
const { keepPageLabels, readPageLabels } = await import("../../src/extension/background/page-labels.ts");

const law = [{ label: "topic/law", score: 0.9 }];
const health = [{ label: "topic/health", score: 0.8 }];
const page = (i: number) => `https://a.example/${i}`;

beforeEach(() => {
  delete stored["page-labels"];
});

test("what a page is about is known again by its address, whatever part of it is shown, and no other is", async () => {
  await keepPageLabels("https://a.example/law?a=1#top", law);
  const urls = ["https://a.example/law?a=1", "https://a.example/law?a=1#end", "https://a.example/law?a=2"];
  expect(await readPageLabels(urls)).toEqual([law, law, []]);
  await keepPageLabels("https://a.example/law?a=1", []);
  expect(await readPageLabels(urls)).toEqual([[], [], []]);
});

test("of two that are told at once both are kept, and of labels those that there are", async () => {
  await Promise.all([
    keepPageLabels(page(1), [...law, { label: "topic/magic", score: 1 }]),
    keepPageLabels(page(2), health),
  ]);
  expect(await readPageLabels([page(1), page(2)])).toEqual([law, health]);
});

test("the newest 200 are kept, in little room and without their addresses, however long those are", async () => {
  for (let i = 0; i <= 200; i++) await keepPageLabels(page(i) + "x".repeat(10_000), law);
  const known = await readPageLabels([0, 1, 200].map((i) => page(i) + "x".repeat(10_000)));
  expect(known).toEqual([[], law, law]);
  const text = JSON.stringify(stored);
  expect(text).not.toContain("example");
  expect(text.length).toBeLessThan(200 * 150);
});

import { describe, expect, test, vi } from "vitest";
import { MAX_ACTS, type PageAct, type PageSummary } from "../../../src/extension/messages.ts";
import { type Facts, sightOf } from "../../../src/extension/popup/sight.ts";

// The messages' own module speaks to the browser; nothing here does.
vi.mock("webextension-polyfill", () => ({ default: {} }));

const act = (at: number): PageAct => ({
  at,
  subject: "image",
  label: `picture ${at}`,
  kind: "blur",
  category: "sexual",
  reason: "judged",
  score: 0.95,
  mayReveal: true,
});
const summary = (shown: number, times: readonly number[] = []): PageSummary => ({
  contentType: "text/html",
  pictures: { shown, waiting: 1, veiled: times.length },
  acts: times.map(act),
});
const texts = { read: 10, marked: 2, hidden: 1, neutralised: 0, covered: 3, acts: [act(8)] };
const FACTS: Facts = {
  url: "https://news.example/today",
  isLoading: false,
  hasAccess: true,
  base: "extension://us/",
  frames: [{ frameId: 0, summary: undefined }],
};

describe("a page that answers", () => {
  test("is summed over its frames, newest act first", () => {
    const frames = [
      { frameId: 0, summary: summary(3, [9, 5]), texts },
      { frameId: 4, summary: summary(1, [7]), texts: { ...texts, acts: [] } },
      { frameId: 5, summary: undefined },
    ];
    const sight = sightOf({ ...FACTS, frames });
    expect(sight).toMatchObject({
      kind: "seen",
      host: "news.example",
      summary: { pictures: { shown: 4, waiting: 2, veiled: 3 }, texts: { read: 20, marked: 4, covered: 6 } },
    });
    expect(sight.kind === "seen" && sight.summary.acts.map(({ at }) => at)).toEqual([9, 8, 7, 5]);
  });

  test("tells no more than the newest acts", () => {
    const times = Array.from({ length: MAX_ACTS }, (_, i) => i);
    const frames = [0, 1].map((frameId) => ({ frameId, summary: summary(0, times) }));
    const sight = sightOf({ ...FACTS, frames });
    expect(sight.kind === "seen" && sight.summary.acts.length).toBe(MAX_ACTS);
  });

  test.each([{ hasAccess: false }, { isLoading: true }, { url: undefined }])("is seen, also with %j", (change) => {
    const frames = [{ frameId: 0, summary: summary(1) }];
    expect(sightOf({ ...FACTS, frames, ...change }).kind).toBe("seen");
  });
});

describe("a page whose own frame does not answer", () => {
  test.each<[string, Partial<Facts>, string]>([
    ["the extension's own", { url: "extension://us/src/extension/options/index.html", hasAccess: false }, "own"],
    ["the browser's", { url: undefined }, "browser"],
    ["a store", { url: "https://chromewebstore.google.com/category", hasAccess: false }, "store"],
    ["any, without site access", { url: undefined, hasAccess: false }, "access"],
    ["a PDF, by its name", { url: "https://news.example/a.PDF?page=2" }, "pdf"],
    ["a silent one", {}, "silent"],
  ])("is not seen: %s", (_, change, reason) => {
    expect(sightOf({ ...FACTS, ...change })).toMatchObject({ kind: "blind", reason });
  });

  test("is waited for while it loads", () => {
    expect(sightOf({ ...FACTS, isLoading: true })).toEqual({ kind: "loading", host: "news.example" });
  });

  test("is not seen through a frame within it", () => {
    const frames = [
      { frameId: 0, summary: undefined },
      { frameId: 3, summary: summary(1) },
    ];
    expect(sightOf({ ...FACTS, frames })).toMatchObject({ kind: "blind", reason: "silent" });
  });
});

test("a PDF viewer that has a content script around it is not seen", () => {
  const frames = [{ frameId: 0, summary: { ...summary(0), contentType: "application/pdf" } }];
  expect(sightOf({ ...FACTS, frames })).toMatchObject({ kind: "blind", reason: "pdf" });
});

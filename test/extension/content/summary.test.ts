import { expect, test, vi } from "vitest";
import { Acts, countPictures } from "../../../src/extension/content/summary.ts";
import { MAX_ACTS, type PageAction } from "../../../src/extension/messages.ts";

// The messages' own module speaks to the browser; nothing here does.
vi.mock("webextension-polyfill", () => ({ default: {} }));

const action = (id: number, kind: PageAction["kind"] = "blur"): PageAction => ({
  id: `i${id}`,
  subject: "image",
  label: `picture ${id}`,
  kind,
  category: "sexual",
  reason: "judged",
  score: 0.95,
  mayReveal: true,
  spans: [],
});

test("only what was done is remembered, an answer that comes twice once, newest first", () => {
  const acts = new Acts();
  acts.add([action(1), action(2, "allow")], 1_000);
  acts.add([action(1), action(3, "hide")], 2_000);
  expect(acts.newestFirst().map(({ label, at }) => [label, at])).toEqual([
    ["picture 3", 2_000],
    ["picture 1", 1_000],
  ]);
});

test("the oldest are forgotten", () => {
  const acts = new Acts();
  for (let i = 0; i < MAX_ACTS + 7; i++) acts.add([action(i)], i);
  expect(acts.newestFirst()).toHaveLength(MAX_ACTS);
  expect(acts.newestFirst().at(-1)?.at).toBe(7);
});

test("pictures are counted by the marks that decide what is painted", () => {
  const picture = (mark: string | null, rest = {}) => ({
    getAttribute: () => mark,
    currentSrc: "",
    src: "https://example.org/a.png",
    complete: true,
    loading: "eager",
    ...rest,
  });
  const below = picture(null, { complete: false, loading: "lazy" });
  const images = [picture("shown"), picture("blur"), picture("hide"), picture(null), picture(null, { src: "" }), below];
  expect(countPictures(images as unknown as HTMLImageElement[])).toEqual({ shown: 1, waiting: 1, veiled: 2 });
  const moving = { shown: 2, waiting: 1, veiled: 0 };
  expect(countPictures([picture("shown")] as unknown as HTMLImageElement[], moving)).toEqual({ ...moving, shown: 3 });
});

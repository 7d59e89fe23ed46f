import { expect, test, vi } from "vitest";
import { DEFAULT_PAGE_CARE, type PageCare } from "../../src/core/page-care.ts";
import { DEFAULT_SETTINGS, policyOf } from "../../src/core/policy.ts";
import type { Category, Context, Signal } from "../../src/core/types.ts";
import { decidePassage, wishesOf } from "../../src/extension/offscreen/passages.ts";

vi.mock("webextension-polyfill", () => ({ default: {} }));

const here = { site: "www.site.example", at: 1_000 };
const signal = (category: Category, score: number): Signal => ({ category, score, detector: category, evidence: [] });
const policy = (change: Partial<PageCare>) =>
  policyOf({ ...DEFAULT_SETTINGS, page: { ...DEFAULT_PAGE_CARE, ...change } });
const COLLAPSING = { comments: { ...DEFAULT_PAGE_CARE.comments, toxicity: "hide" } } as const;
const BOTH = [signal("injection", 0.9), signal("toxicity", 0.95)];

function wishes(context: Context, signals: readonly Signal[], change: Partial<PageCare> = {}, site = here) {
  const asked = policy(change);
  const decision = decidePassage(context, { signals }, asked, site);
  return { ...wishesOf(decision, asked, site), passage: decision.passage.action.kind };
}

test("hostile words are left alone until the user wants otherwise", () => {
  expect(wishes("comment", [signal("toxicity", 1)])).toEqual({ passage: "allow" });
});

test("a comment is covered, the article around it is not", () => {
  const hostility = { kind: "hide", category: "toxicity", mayReveal: true, score: 0.95 };
  expect(wishes("comment", [signal("toxicity", 0.95)], COLLAPSING)).toEqual({ passage: "allow", hostility });
  expect(wishes("page", [signal("toxicity", 0.95)], COLLAPSING)).toEqual({ passage: "allow" });
  const openSites = ["site.example"];
  expect(wishes("comment", [signal("toxicity", 0.95)], { ...COLLAPSING, openSites })).toEqual({ passage: "allow" });
});

test("a text that insults and gives orders is covered and marked", () => {
  expect(wishes("comment", BOTH, COLLAPSING)).toMatchObject({ passage: "warn", hostility: { kind: "hide" } });
});

test("marks for programs stand on the sites that the user named", () => {
  const wish = { highlights: true, neutralises: false, marks: false };
  expect(wishes("page", BOTH)).toEqual({ passage: "warn", wish });
  expect(wishes("page", BOTH, { markedSites: ["site.example"], neutralises: true })).toEqual({
    passage: "warn",
    wish: { highlights: true, neutralises: true, marks: true },
  });
});

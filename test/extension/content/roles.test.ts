import { expect, test } from "vitest";
import { isCommentUnit, isThread, type Naming, roleNamed } from "../../../src/extension/content/roles.ts";

function naming(tag: string, names = "", rest: Partial<Naming> = {}): Naming {
  return { tag, role: "", type: "", property: "", names: names.split(" ").filter(Boolean), ...rest };
}

test.each([
  [naming("nav"), "navigation"],
  [naming("div", "", { role: "menu" }), "navigation"],
  [naming("article"), "article"],
  [naming("div", "", { type: "https://schema.org/NewsArticle" }), "article"],
  [naming("pre"), "code"],
  [naming("blockquote"), "quotation"],
  [naming("ins", "adsbygoogle"), "ad"],
  [naming("div", "top-ad"), "ad"],
  [naming("div", "header-shadow badge add"), undefined],
  [naming("p"), undefined],
])("%j is %s", (element, role) => {
  expect(roleNamed(element)).toBe(role);
});

test.each([
  naming("li", "comment byuser comment-author-admin even thread-even depth-1"),
  naming("div", "comment-body"),
  naming("article", "comment"),
  naming("div", "comments__item"),
  naming("div", "commentText"),
  naming("shreddit-comment"),
  naming("div", "", { role: "comment" }),
  naming("div", "", { type: "https://schema.org/Comment" }),
  naming("article", "", { property: "comment" }),
])("%j is one comment", (element) => {
  expect(isCommentUnit(element)).toBe(true);
});

test.each([
  naming("ol", "comment-list"),
  naming("section", "comments"),
  naming("div", "comment-form"),
  naming("span", "comment"),
  naming("p", "comment"),
  naming("article", "post has-comments"),
  naming("body", "comments-open"),
  naming("ytd-comments"),
  naming("ytd-comment-thread-renderer"),
  naming("main", "content"),
])("%j is no comment", (element) => {
  expect(isCommentUnit(element)).toBe(false);
});

test.each([
  [naming("ol", "comment-list"), true],
  [naming("section", "comments"), true],
  [naming("div", "disqus_thread"), true],
  [naming("div", "comment"), false],
  [naming("body", "comments-open"), false],
  [naming("div", "list"), false],
])("%j holds comments: %s", (element, wanted) => {
  expect(isThread(element)).toBe(wanted);
});

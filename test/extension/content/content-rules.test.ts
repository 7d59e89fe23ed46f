import { afterEach, expect, test, vi } from "vitest";
import { ContentRules } from "../../../src/extension/content/content-rules.ts";
import type { Tree } from "../../../src/extension/content/trees.ts";

afterEach(() => vi.restoreAllMocks());

const plain = (selectorText: string) => ({ selectorText, style: { content: "", listStyle: "", listStyleImage: "" } });
const bringing = (selectorText: string) => ({ selectorText, style: { ...plain("").style, content: 'url("a.png")' } });

/** A tree of 301 elements that answers with what it was asked for. */
function treeOf(...sheets: readonly (readonly object[])[]): Tree {
  const querySelectorAll = (selector: string) =>
    selector === "*" ? Array.from({ length: 301 }, () => "all") : selector.split(",");
  const tree = {
    styleSheets: sheets.map((cssRules) => ({ cssRules })),
    adoptedStyleSheets: [],
    querySelectorAll,
    getRootNode: () => tree,
  };
  return tree as unknown as Tree;
}

test("names the elements that rules may give a picture as content, however long the machine takes", () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += 100));
  const tree = treeOf([plain("p"), bringing(".on #a::after")], [plain("b"), bringing("#b::before")]);
  expect([...new ContentRules().below(tree)]).toEqual([".on #a:is(*)", "#b:is(*)"]);
});

test("a sheet of too many rules means every element when it comes, and nothing of it is known later", () => {
  const tree = treeOf(
    [...Array.from({ length: 3_000 }, () => plain("p")), bringing("#a::after")],
    [bringing("#b::after")],
  );
  const rules = new ContentRules();
  expect(new Set(rules.touchedBy(tree.styleSheets, tree))).toEqual(new Set(["all"]));
  expect([...rules.below(tree)]).toEqual(["#b:is(*)"]);
});

test("what one sheet leaves no room for is read the next time", () => {
  const tree = treeOf([...Array.from({ length: 2_999 }, () => plain("p"))], [plain("b"), bringing("#b::after")]);
  const rules = new ContentRules();
  expect([...rules.below(tree)]).toEqual([]);
  expect([...rules.below(tree)]).toEqual(["#b:is(*)"]);
});

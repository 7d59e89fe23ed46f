import { expect, test } from "vitest";
import { beginnings, largestRepeat, parseExpression } from "../../../src/core/text/expression.ts";

test.each<[string, string[]]>([
  ["ignore|forget", ["igno", "forg"]],
  ["\\bdo(?:n t)? it", ["do i", "don "]],
  ["(?:the |a ){0,2}rule", ["rule", "the ", "a ru", "a th", "a a "]],
  ["all[^x]y", ["all"]],
  ["\\[inst\\]", [" ins"]],
  ["no[^a-z0-9\\u{80}-\\u{10ffff}.]{1,2}w", ["no w", "no  "]],
  ["a[ei]o", ["aeo", "aio"]],
  ["(?:a|b)c", ["ac", "bc"]],
  ["x(?!y)z{2}", ["xzz"]],
  ["\\w", [""]],
  ["a?", ["", "a"]],
])("what %s matches begins with %j", (source, expected) => {
  expect([...beginnings(parseExpression(source), 4)].toSorted()).toEqual(expected.toSorted());
});

test.each([
  ["abc", 1],
  ["a?", 1],
  ["(?:a|b{2,7}){3}", 7],
  ["[*+{9}]\\+", 1],
  ["(?<!a{4})b", 4],
  ["a*", Number.POSITIVE_INFINITY],
  ["(?:a(?=b+))", Number.POSITIVE_INFINITY],
  ["a{2,}?", Number.POSITIVE_INFINITY],
])("the largest repetition of %s is %d", (source, expected) => {
  expect(largestRepeat(parseExpression(source))).toBe(expected);
});

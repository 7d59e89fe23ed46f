import fc from "fast-check";
import { expect, test } from "vitest";
import { applyDelta, parseDelta, versionText } from "../../../src/core/url/list-delta.ts";

const [BASE, RESULT] = ["a".repeat(64), "b".repeat(64)];
const HEAD = `# wardlight-delta 1\n# base: ${BASE}\n# result: ${RESULT}\n`;

test("a delta names its versions, what came and what went", () => {
  expect(parseDelta(`${HEAD}+new.example\n-old.example\n`)).toEqual({
    base: BASE,
    result: RESULT,
    added: ["new.example"],
    removed: ["old.example"],
  });
});

test.each([
  "",
  "<html>",
  "a.example\n",
  `# wardlight-delta 2\n# base: ${BASE}\n# result: ${RESULT}\n`,
  `# wardlight-delta 1\n# base: ${BASE}\n+a.example\n`,
  `${HEAD}a.example\n`,
  `${HEAD}+a b\n`,
])("%j is no delta", (text) => {
  expect(parseDelta(text)).toBeUndefined();
});

test("the changes between two lists turn one into the other", () => {
  const entries = fc.uniqueArray(fc.domain(), { maxLength: 30 });
  fc.assert(
    fc.property(entries, entries, (before, after) => {
      const added = after.filter((entry) => !before.includes(entry));
      const removed = before.filter((entry) => !after.includes(entry));
      expect(applyDelta(before, { base: BASE, result: RESULT, added, removed })).toEqual(after.toSorted());
    }),
  );
});

test("a version speaks of hosts and pages, whatever their order was", () => {
  expect(versionText({ hosts: ["a.example"], pages: ["b.example/x"] })).toBe("a.example\nb.example/x\n");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { distrusting, isTrusted, trusting } from "../../../src/extension/popup/trust.ts";

const LIST = ["a.example", "b.a.example", "other.example"];

test("an entry covers its host and what lies below it", () => {
  expect(["a.example", "x.a.example", "ba.example", undefined].map((host) => isTrusted(host, LIST))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("guarding a host again takes out every entry that covers it, and no other", () => {
  expect(distrusting("b.a.example", LIST)).toEqual(["other.example"]);
  expect(distrusting("a.example", LIST)).toEqual(["b.a.example", "other.example"]);
});

test("whatever the list was, a host is trusted after the one and not after the other", () => {
  const host = fc.domain();
  fc.assert(
    fc.property(host, fc.array(host), (site, list) => {
      expect(isTrusted(site, trusting(site, list))).toBe(true);
      expect(isTrusted(site, distrusting(site, trusting(site, list)))).toBe(false);
      expect(trusting(site, trusting(site, list))).toEqual(trusting(site, list));
    }),
  );
});

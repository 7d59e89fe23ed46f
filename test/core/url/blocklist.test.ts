import fc from "fast-check";
import { expect, test } from "vitest";
import { blocklistDetector, findListed, parseHosts } from "../../../src/core/url/blocklist.ts";

const lists = [
  { id: "phishing", category: "phishing", hosts: new Set(["bad.example", "deep.host.example"]) },
  { id: "adult", category: "adult", hosts: new Set(["adult.example"]) },
] as const;
const { signal } = new AbortController();

test("comments, blank lines and carriage returns are no hosts", () => {
  expect(parseHosts("# a list\r\nbad.example\r\n\n  other.example  \n#end")).toEqual(["bad.example", "other.example"]);
});

test.each([
  ["http://bad.example/", "bad.example"],
  ["https://www.BAD.example:444/path?q#f", "bad.example"],
  ["http://user:pass@a.b.bad.example/", "bad.example"],
  ["http://bad.example./", "bad.example"],
])("%s is listed under %s, with the list and the entry as evidence", async (url, entry) => {
  const [signals] = await blocklistDetector(lists).detect([{ kind: "url", id: "1", context: "page", url }], signal);
  expect(signals).toMatchObject([
    { category: "phishing", score: 1, isCertain: true, evidence: [{ kind: "rule", rule: "phishing", value: entry }] },
  ]);
});

test.each([
  "http://notbad.example/",
  "http://bad.example.org/",
  "http://example/",
  "http://host.example/",
  "https://safe.example/bad.example",
  "ftp://bad.example/",
])("%s is not listed", async (url) => {
  const answer = await blocklistDetector(lists).detect([{ kind: "url", id: "1", context: "page", url }], signal);
  expect(answer).toEqual([[]]);
});

test("any subdomain of a listed host is listed, and nothing that merely ends like it", () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,10}$/);
  fc.assert(
    fc.property(label, (name) => {
      expect(findListed(`${name}.bad.example`, lists)?.entry).toBe("bad.example");
      expect(findListed(`${name}bad.example`, lists)).toBeUndefined();
    }),
  );
});

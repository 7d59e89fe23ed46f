import fc from "fast-check";
import { expect, test } from "vitest";
import type { Category } from "../../../src/core/types.ts";
import { blocklistDetector, entryOf, parseHosts } from "../../../src/core/url/blocklist.ts";
import { type HashSet, packOf, readPack } from "../../../src/core/url/host-pack.ts";

function listOf(id: string, category: Category, hosts: string[], pages: string[] = [], real = [...hosts, ...pages]) {
  const [packed, packedPages] = readPack(packOf([hosts, pages])) as [HashSet, HashSet];
  return { id, category, hosts: packed, pages: packedPages, confirm: async (entry: string) => real.includes(entry) };
}
const lists = [
  listOf("phishing", "phishing", ["bad.example", "deep.host.example"], ["shared.example/bad", "shared.example/p?id=1"]),
  listOf("adult", "adult", ["adult.example"]),
];
const { signal } = new AbortController();
const ask = async (url: string, detector = blocklistDetector(lists)) =>
  (await detector.detect([{ kind: "url", id: "1", context: "page", url }], signal))[0];

test("comments, blank lines and carriage returns are no hosts", () => {
  expect(parseHosts("# a list\r\nbad.example\r\n\n  other.example  \n#end")).toEqual(["bad.example", "other.example"]);
});

test.each([
  ["http://bad.example/", "bad.example"],
  ["https://www.BAD.example:444/path?q#f", "bad.example"],
  ["http://user:pass@a.b.bad.example/", "bad.example"],
  ["http://bad.example./", "bad.example"],
  ["http://bad%2eexample/", "bad.example"],
  ["http://shared.example/bad/", "shared.example/bad"],
  ["https://www.shared.example/bad?any=1#x", "shared.example/bad"],
  ["http://shared.example/p?id=1", "shared.example/p?id=1"],
])("%s is listed under %s, with the list and the entry as evidence", async (url, entry) => {
  expect(await ask(url)).toMatchObject([
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
  "blob:http://bad.example/1-2",
  "filesystem:http://bad.example/temporary/x",
  "http://bad.example@safe.example/",
  "http://[2001:db8::1]/",
  "http://shared.example/",
  "http://shared.example/bad/deeper",
  "http://shared.example/p?id=2",
  `http://safe.example/${"a".repeat(2_000_000)}`,
  "http://%zz.example/",
  "http://xn--a/",
])("%.60s is not listed", async (url) => {
  expect(await ask(url)).toEqual([]);
});

test("any subdomain of a listed host is listed, and nothing that merely ends like it", () => {
  const [phishing] = lists as [(typeof lists)[0]];
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{1,10}$/), (name) => {
      expect(entryOf(`http://${name}.bad.example/`, phishing)).toBe("bad.example");
      expect(entryOf(`http://${name}bad.example/`, phishing)).toBeUndefined();
    }),
  );
});

test("what only the hash takes for an entry is not blocked, and neither is what was switched off", async () => {
  const collided = blocklistDetector([listOf("phishing", "phishing", ["innocent.example"], [], [])]);
  expect(await ask("http://innocent.example/", collided)).toEqual([]);
  const without = blocklistDetector(lists, (entry) => entry === "bad.example");
  expect(await ask("http://bad.example/", without)).toEqual([]);
  expect(await ask("http://adult.example/", without)).toHaveLength(1);
});

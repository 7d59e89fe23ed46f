import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { parseHosts } from "../../../src/core/url/blocklist.ts";
import {
  type HashSet,
  nameIn,
  packOf,
  parentIn,
  readPack,
  SHARDS,
  shardOf,
  textHas,
} from "../../../src/core/url/host-pack.ts";

const ROOT = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(`public/${path}`, ROOT));
const setOf = (names: string[]) => readPack(packOf([names]))[0] as HashSet;
const host = fc
  .array(fc.stringMatching(/^[a-z0-9-]{1,8}$/), { minLength: 2, maxLength: 4 })
  .map((labels) => labels.join("."));

describe("the shipped pack", () => {
  const packed = new Uint8Array(read(catalogJson.pack.path));
  const lists = catalogJson.lists.map(({ path }) => parseHosts(read(path).toString()));

  test("is what this code makes of the lists, byte for byte: the workshop's is another hand", () => {
    expect(Buffer.from(packOf(lists)).equals(Buffer.from(packed))).toBe(true);
  });

  test("finds every host of its lists, and none of as many that are not", () => {
    const sections = readPack(packed);
    sections.forEach((set, i) => {
      const hosts = lists[i] ?? [];
      expect(set.count).toBe(hosts.length);
      expect(hosts.filter((name) => parentIn(set, name) !== name)).toEqual([]);
      expect(hosts.filter((name) => nameIn(set, `${name}x`))).toEqual([]);
    });
  });

  test("takes at most 5 bytes a host", () => {
    expect(packed.length / lists.flat().length).toBeLessThan(5);
  });
});

test("a set holds its names, their subdomains, and nothing else", () => {
  fc.assert(
    fc.property(fc.uniqueArray(host, { maxLength: 50 }), host, (names, other) => {
      const set = setOf(names);
      for (const name of names)
        expect([nameIn(set, name), names.includes(parentIn(set, `sub.${name}`) ?? "")]).toEqual([true, true]);
      const above = names
        .filter((name) => other === name || other.endsWith(`.${name}`))
        .sort((a, b) => a.length - b.length);
      expect(parentIn(set, other)).toBe(above[0]);
    }),
  );
});

test("400,000 hosts that no list has are found in none of 100,000", () => {
  const set = setOf(Array.from({ length: 100_000 }, (_, i) => `bad-${i}.example`));
  const found = Array.from({ length: 400_000 }, (_, i) => `good-${i}.example`).filter((name) => nameIn(set, name));
  expect(found).toEqual([]);
});

test("hosts are spread evenly over the shards", () => {
  const counts = new Array<number>(SHARDS).fill(0);
  for (let i = 0; i < 64_000; i++)
    counts[shardOf(`host-${i}.example`)] = (counts[shardOf(`host-${i}.example`)] ?? 0) + 1;
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1_200);
});

test.each([
  ["half a file", packOf([["a.example", "b.example"]]).slice(0, 24)],
  ["a byte too many", new Uint8Array([...packOf([["a.example"]]), 0])],
  ["another file", new TextEncoder().encode("<!doctype html>!")],
  ["nothing", new Uint8Array()],
])("%s is refused", (_, bytes) => {
  expect(() => readPack(bytes as Uint8Array<ArrayBuffer>)).toThrow("damaged");
});

test("sections and an empty set keep apart", () => {
  const [first, none, last] = readPack(packOf([["a.example"], [], ["b.example", "b.example"]])) as [
    HashSet,
    HashSet,
    HashSet,
  ];
  expect([first.count, none.count, last.count]).toEqual([1, 0, 1]);
  expect([nameIn(first, "b.example"), nameIn(none, "a.example"), nameIn(last, "b.example")]).toEqual([
    false,
    false,
    true,
  ]);
});

test.each([
  ["a.example\nb.example", "b.example", true],
  ["a.example\r\nb.example\r\n", "a.example", true],
  ["xb.example\nb.examples\nb.example", "b.example", true],
  ["xb.example\nb.examples", "b.example", false],
  ["", "b.example", false],
])("%j has the line %s: %s", (text, name, isThere) => {
  expect(textHas(text, name)).toBe(isThere);
});

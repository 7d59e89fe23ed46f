import fc from "fast-check";
import { expect, test } from "vitest";
import type { Category } from "../../../src/core/types.ts";
import { readAddress } from "../../../src/core/url/address.ts";
import { findPatterns, PATTERN_COUNT } from "../../../src/core/url/lexical.ts";
import patterns from "../../../src/core/url/patterns.json" with { type: "json" };
import { lexicalDetector } from "../../../src/core/url/rules.ts";

const hitsOf = (url: string) => {
  const address = readAddress(url);
  return address ? findPatterns(url, address).map(({ id }) => id) : [];
};

test("there are more than a hundred patterns, each with its own id", () => {
  expect(PATTERN_COUNT).toBeGreaterThan(100);
  expect(new Set(patterns.patterns.map(({ id }) => id)).size).toBe(PATTERN_COUNT);
});

test.each([
  ["https://freepornhost.example/", "adult-inside-host"],
  ["https://anything.xxx/", "adult-suffix"],
  ["http://paypal.com@evil.example/", "host-in-user"],
  ["http://me:secret@evil.example/", "credentials-in-address"],
  ["http://ex%61mple.com/", "encoded-host"],
  ["http://0x7f.0.0.1/", "odd-ip-notation"],
  ["http://198.51.100.7/", "raw-ip"],
  ["http://198.51.100.7:4444/bin.sh", "botnet-drop"],
  ["http://a.example:4444/", "unusual-port"],
  ["http://a.example/invoice.pdf.exe", "double-extension"],
  ["http://a.example/out?url=https://b.example/", "open-redirect"],
  ["http://a.example/?u=https%3A%2F%2Fb.example%2F%3Fu%3Dhttps%3A%2F%2Fc.example", "nested-redirect"],
  ["data:text/html,<h1>Login</h1>", "data-address"],
  ["javascript:alert(1)", "javascript-address"],
  ["http://a.b.c.d.example.com/", "deep-subdomains"],
  ["https://bit.ly/3xyz", "link-shortener"],
  ["https://konto-gesperrt.example/", "phishing-suspended-de"],
  ["https://cuenta-bloqueada.example/", "phishing-suspended-es"],
  ["https://compte-suspendu.example/", "phishing-suspended-fr"],
  ["https://conto-sospeso.example/", "phishing-suspended-it"],
  ["https://verify-account.example/", "phishing-verify-en"],
  ["https://anything.buzz/", "abused-suffix"],
])("%s meets %s", (url, id) => {
  expect(hitsOf(url)).toContain(id);
});

test.each([
  "https://www.essex.ac.uk/",
  "https://scunthorpe.example/",
  "https://www.xxxlutz.de/",
  "https://milford.example/",
  "https://pornic.fr/",
  "https://pussycatdolls.example/",
  "https://en.wikipedia.org/wiki/Analysis",
])("%s holds no adult word", (url) => {
  expect(hitsOf(url).filter((id) => id.startsWith("adult"))).toEqual([]);
});

test.each([
  ["https://freepornhost.example/", "adult", 0.9],
  ["http://198.51.100.7:4444/bin.sh", "malware", 0.9],
  ["http://paypal.com@evil.example/", "phishing", 0.9],
] satisfies [string, Category, number][])("%s: %s from %d", async (url, category, score) => {
  const subject = { kind: "url", id: "1", context: "page", url } as const;
  const [signals = []] = await lexicalDetector().detect([subject], new AbortController().signal);
  const found = signals.find((signal) => signal.category === category);
  expect(found?.score).toBeGreaterThanOrEqual(score);
  expect(found?.score).toBeLessThanOrEqual(0.99);
  expect(found?.evidence.length).toBeGreaterThan(0);
});

test("no address throws, and evidence stays short", async () => {
  const url = fc.oneof(
    fc.webUrl({ withQueryParameters: true }),
    fc.string().map((text) => `http://a.example/${text}`),
  );
  await fc.assert(
    fc.asyncProperty(url, async (text) => {
      const subject = { kind: "url", id: "1", context: "page", url: text } as const;
      const [signals = []] = await lexicalDetector().detect([subject], new AbortController().signal);
      for (const { evidence } of signals) {
        for (const item of evidence) expect(item.kind === "rule" && item.value.length).toBeLessThanOrEqual(80);
      }
    }),
  );
});

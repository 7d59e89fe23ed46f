import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAddress } from "../../../src/core/url/address.ts";

describe("the canonical form", () => {
  test.each([
    ["HTTP://User:Pass@WWW.Example.COM.:80/a/../b?q#f", "http://www.example.com/b?q"],
    ["https://example.com:8443", "https://example.com:8443/"],
    ["http://example.com/%7Euser/%41%2fb?%61=%2F", "http://example.com/~user/A%2Fb?a=%2F"],
    ["http://example.com/%%341%2", "http://example.com/A%2"],
    ["http://example.com/%2e%2e/%252e/a", "http://example.com/%252e/a".replace("%252e", "%252e")],
    ["http://0x7f.1/", "http://127.0.0.1/"],
    ["http://2130706433/", "http://127.0.0.1/"],
    ["http://0177.0.0.01/", "http://127.0.0.1/"],
    ["http://[0:0::1]:8080/x", "http://[::1]:8080/x"],
    ["http://bücher.example/", "http://xn--bcher-kva.example/"],
    ["http://example.com/?", "http://example.com/"],
    ["http:\\\\example.com\\a", "http://example.com/a"],
  ])("%s is %s", (url, canonical) => {
    expect(readAddress(url)?.url).toBe(canonical);
  });

  test("is its own canonical form, and nothing throws", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "http://",
        "https://",
        "a.example",
        "//",
        "@",
        ":",
        "%",
        "%2",
        "%41",
        "%2e",
        "xn--",
        "..",
        "/",
        "?",
        "#",
        "[::1]",
        "\\",
      ),
      fc.string({ maxLength: 8 }),
      fc.string({ unit: "binary", maxLength: 4 }),
    );
    const url = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join("")),
      fc.array(piece, { maxLength: 8 }).map((parts) => `http://a.example/${parts.join("")}`),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
    );
    fc.assert(
      fc.property(url, (text) => {
        const once = readAddress(text);
        if (once && /^https?$/.test(once.scheme)) expect(readAddress(once.url)?.url).toBe(once.url);
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  [
    "https://a.b.shop.co.uk/x",
    { kind: "name", domain: "shop.co.uk", suffix: "co.uk", label: "shop", subdomain: "a.b", isShared: false },
  ],
  [
    "https://me.github.io/",
    { domain: "me.github.io", suffix: "github.io", label: "me", subdomain: "", isShared: true },
  ],
  ["http://co.uk/", { kind: "name", domain: "", label: "" }],
  ["http://localhost:3000/", { kind: "name", domain: "", port: "3000" }],
  ["http://10.0.0.1/", { kind: "ipv4", domain: "", host: "10.0.0.1" }],
  ["http://[::1]/", { kind: "ipv6", host: "[::1]" }],
  ["http://paypal.com@evil.example/", { hasUser: true, host: "evil.example" }],
  ["http://xn--80ak6aa92e.com/", { unicodeHost: "аррӏе.com" }],
  ["data:text/html,<b>", { kind: "none", scheme: "data", host: "" }],
  ["javascript:alert(1)", { kind: "none" }],
  ["blob:https://a.example/1-2", { kind: "none", host: "" }],
  ["http://a.example...../", { host: "a.example" }],
])("%s is taken apart", (url, parts) => {
  expect(readAddress(url)).toMatchObject(parts);
});

test.each([
  "",
  "example.com",
  "http://",
  "http://a b/",
  "http://%zz/",
  "http://xn--/",
  "http://1.2.3.4.5/",
  "http://a:99999/",
])("%j is no address", (url) => {
  expect(readAddress(url)).toBeUndefined();
});

test("two million characters are read; the escapes of a sane length are undone", () => {
  const long = "%41".repeat(700_000);
  expect(readAddress(`http://example.com/${long}`)?.path).toBe(`/${long}`);
  expect(readAddress(`http://example.com/${long.slice(0, 60_000)}`)?.path).toBe(`/${"A".repeat(20_000)}`);
  expect(readAddress(`http://${"a.".repeat(1_000_000)}example/`)?.kind ?? "none").toBeTruthy();
});

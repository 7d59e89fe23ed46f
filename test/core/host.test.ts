import { expect, test } from "vitest";
import { hostOf, suffixesOf } from "../../src/core/host.ts";

test("a host is covered by itself and every host above it", () => {
  expect(suffixesOf("A.b.Example.")).toEqual(["a.b.example", "b.example", "example"]);
});

test.each([
  ["https://user@Example.org:8080/a?b#c", "example.org"],
  ["http://xn--bcher-kva.example/", "xn--bcher-kva.example"],
  ["http://bücher.example/", "xn--bcher-kva.example"],
  ["http://[::1]/", "[::1]"],
  ["http://0x7f.1/", "127.0.0.1"],
  ["ftp://example.org/", undefined],
  ["moz-extension://abc/", undefined],
  ["not an address", undefined],
])("the host of %s is %s", (url, host) => {
  expect(hostOf(url)).toBe(host);
});

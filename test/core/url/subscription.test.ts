import { expect, test } from "vitest";
import { isDue, listAddress, type Refresh, type Subscription } from "../../../src/core/url/subscription.ts";

const HOUR = 3_600_000;
const list = (refresh: Refresh, change: Partial<Subscription> = {}): Subscription => ({
  id: "own-1",
  slot: 0,
  title: "Mine",
  category: "phishing",
  source: { kind: "url", url: "https://lists.example/a.txt" },
  refresh,
  hosts: 1,
  pages: 0,
  refused: {},
  version: "0",
  updatedAt: 0,
  checkedAt: 0,
  ...change,
});

test.each([
  ["manual", 10_000 * HOUR, false],
  ["daily", 23 * HOUR, false],
  ["daily", 24 * HOUR, true],
  ["weekly", 167 * HOUR, false],
  ["weekly", 168 * HOUR, true],
] as const)("%s after %d ms is due: %s", (refresh, now, expected) => {
  expect(isDue(list(refresh), now)).toBe(expected);
});

test("a file and a removed list are never asked for", () => {
  expect(isDue(list("daily", { source: { kind: "file", name: "a.txt" } }), 1_000 * HOUR)).toBe(false);
  expect(isDue(list("daily", { isRemoved: true }), 1_000 * HOUR)).toBe(false);
});

test.each([
  [" https://lists.example/a.txt ", "https://lists.example/a.txt"],
  ["http://127.0.0.1:8080/a.txt", "http://127.0.0.1:8080/a.txt"],
  ["http://lists.example/a.txt", undefined],
  ["https://user:secret@lists.example/", undefined],
  ["ftp://lists.example/", undefined],
  ["lists.example/a.txt", undefined],
  ["", undefined],
])("%j is the address %s", (typed, address) => {
  expect(listAddress(typed)).toBe(address);
});

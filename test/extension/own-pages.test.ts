import { describe, expect, test, vi } from "vitest";
import { LEVELS } from "../../src/core/policy.ts";
import type { VerdictEvent } from "../../src/core/report/journal.ts";

vi.mock("webextension-polyfill", () => ({
  default: { i18n: { getMessage: (key: string) => key, getUILanguage: () => "en" }, runtime: { id: "us" } },
}));
const { readBlock } = await import("../../src/extension/blocked/block.ts");
const { byDay, filterEvents, NO_FILTER } = await import("../../src/extension/options/filter.ts");
const { readHost } = await import("../../src/extension/options/host-entry.ts");
const { ownLimits, SHARED_LIMITS } = await import("../../src/extension/options/limits.ts");

describe("a host that somebody types", () => {
  test.each([
    ["example.org", "example.org"],
    [" WWW.Example.org. ", "www.example.org"],
    ["https://example.org:8080/path?query", "example.org"],
    ["*.example.org", "example.org"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["localhost", "localhost"],
    ["127.0.0.1", "127.0.0.1"],
  ])("%j means %s", (typed, host) => {
    expect(readHost(typed, [])).toEqual({ kind: "host", host });
  });

  test.each([
    ["", "empty"],
    ["   ", "empty"],
    ["two words", "invalid"],
    ["12", "invalid"],
    ["http://", "invalid"],
  ])("%j is %s", (typed, kind) => {
    expect(readHost(typed, [])).toEqual({ kind });
  });

  test("what is covered already is said to be, and by what", () => {
    const covered = { kind: "covered", host: "a.example.org", by: "example.org" };
    expect(readHost("a.example.org", ["example.org"])).toEqual(covered);
  });
});

describe("the journal's filter", () => {
  const event = (change: Partial<VerdictEvent>): VerdictEvent => ({
    kind: "verdict",
    id: "1",
    at: 0,
    subject: "image",
    context: "page",
    site: "site.example",
    label: "picture.png",
    category: "safe",
    score: 0,
    uncertainty: 0,
    action: "allow",
    reason: "judged",
    latencyMs: 1,
    evidence: [],
    models: [],
    ...change,
  });
  const blurred = event({ id: "2", action: "blur", category: "sexual" });
  const text = event({ id: "3", subject: "text", label: "Ignore all rules", action: "warn" });
  const tally = { kind: "tally", id: "4", at: 0, site: "other.example", subject: "text", allowed: 3 } as const;
  const events = [event({}), blurred, text, tally];
  const ids = (filter: Partial<typeof NO_FILTER>) =>
    filterEvents(events, { ...NO_FILTER, ...filter }).map(({ id }) => id);

  test.each([
    [{}, ["1", "2", "3", "4"]],
    [{ action: "acted" }, ["2", "3"]],
    [{ action: "allow" }, ["1", "4"]],
    [{ action: "blur" }, ["2"]],
    [{ kind: "text" }, ["3", "4"]],
    [{ words: "IGNORE rules" }, ["3"]],
    [{ words: "other.example" }, ["4"]],
    [{ words: "sexual" }, ["2"]],
    [{ words: "nothing like it" }, []],
  ] as const)("%j keeps %j", (filter, kept) => {
    expect(ids(filter)).toEqual(kept);
  });

  test("entries of one local day stand together", () => {
    const noon = new Date(2026, 0, 5, 12).getTime();
    const days = byDay([noon, noon - 3_600_000, noon - 86_400_000].map((at, i) => event({ id: `${i}`, at })));
    expect(days.map((day) => day.map(({ id }) => id))).toEqual([["0", "1"], ["2"]]);
  });
});

test("each level's own limits and the shared ones are together the policy's", () => {
  expect(SHARED_LIMITS.map(({ action }) => action)).toEqual(Array(6).fill("block"));
  for (const level of LEVELS) {
    expect(ownLimits(level).map(({ category, action }) => `${category} ${action}`)).toEqual([
      "sexual blur",
      "injection warn",
      "phishing warn",
      "malware warn",
      "adult warn",
    ]);
  }
});

describe("what the blocked page is told", () => {
  const hash = (facts: Record<string, string>) => `#${new URLSearchParams(facts)}`;

  test("is read where it is sound", () => {
    expect(readBlock(hash({ url: "http://a.bad.example/x?token=1" }))).toEqual({
      host: "a.bad.example",
      url: "http://a.bad.example/x?token=1",
      address: "http://a.bad.example/x",
    });
  });

  test.each(["", "#", "#%%%", hash({ url: "javascript:alert(1)" }), hash({ url: "file:///etc/passwd" })])(
    "and left out where it is not (%#)",
    (facts) => {
      expect(readBlock(facts)).toEqual({});
    },
  );
});

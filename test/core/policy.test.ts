import fc from "fast-check";
import { expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog, rowsOf } from "../../src/core/catalog.ts";
import { ruleFor } from "../../src/core/decide.ts";
import { WardlightError } from "../../src/core/errors.ts";
import { DEFAULT_SETTINGS, LEVELS, parseSettings, policyOf } from "../../src/core/policy.ts";

test("a stricter level acts on less", () => {
  const blurs = LEVELS.map(
    (level) => ruleFor("sexual", "page", policyOf({ ...DEFAULT_SETTINGS, level }))?.limits.blur ?? 1,
  );
  expect(blurs).toEqual(blurs.toSorted((a, b) => b - a));
  expect(new Set(blurs).size).toBe(LEVELS.length);
});

test("absent fields keep their default, and unknown ones are dropped", () => {
  expect(parseSettings(undefined)).toEqual(DEFAULT_SETTINGS);
  expect(parseSettings({ level: "strict", colour: "red" })).toEqual({ ...DEFAULT_SETTINGS, level: "strict" });
});

test.each([
  [{ level: "severe" }, "level"],
  [{ pausedUntil: "tomorrow" }, "pausedUntil"],
  [{ pausedUntil: Number.NaN }, "pausedUntil"],
  [{ allowlist: "example.org" }, "allowlist"],
  [{ allowlist: ["https://example.org/"] }, "allowlist"],
  [{ allowlist: ["Example.org"] }, "allowlist"],
  [{ allowlist: ["a..b"] }, "allowlist"],
  [{ cover: "paint" }, "cover"],
  [{ fallback: "allow" }, "fallback"],
  [{ isRegional: 1 }, "isRegional"],
  [{ remembers: "yes" }, "remembers"],
  [{ rereadsInPrivate: 0 }, "rereadsInPrivate"],
  [{ drafts: "off" }, "drafts"],
  [{ drafts: { pii: "shout" } }, "drafts"],
  [{ quietSites: ["Example.org"] }, "quietSites"],
  [{ programs: ["https://page.example"] }, "programs"],
  [{ programs: "asker@page.example" }, "programs"],
  [{ programs: Array(101).fill("asker@page.example") }, "programs"],
  [{ page: "off" }, "page"],
  [{ page: { highlights: "yes" } }, "page"],
  [{ page: { comments: { hate: "burn" } } }, "page"],
  [{ page: { markedSites: ["https://example.org/"] } }, "page"],
  ["settings", "settings"],
])("%j is refused and the field is named", (value, field) => {
  expect(() => parseSettings(value)).toThrow(WardlightError);
  expect(() => parseSettings(value)).toThrow(`"${field}"`);
});

test("what is looked for in the user's own words, and what is done, is the user's choice", () => {
  const drafts = { pii: "hold", secret: "off", injection: "warn" } as const;
  const policy = policyOf(parseSettings({ drafts }));
  const limits = (category: "pii" | "secret" | "injection", context: "page" | "prompt" | "paste") =>
    Object.keys(ruleFor(category, context, policy)?.limits ?? {});
  expect(limits("pii", "prompt")).toEqual(["hold"]);
  expect(limits("pii", "page")).toEqual([]);
  expect(limits("secret", "paste")).toEqual([]);
  expect([limits("injection", "prompt"), limits("injection", "paste")]).toEqual([[], ["warn"]]);
  expect(parseSettings({ drafts: { secret: "hold" } }).drafts).toEqual({ ...DEFAULT_SETTINGS.drafts, secret: "hold" });
});

test("what was parsed parses to itself, and anything else is refused by a WardlightError", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      try {
        const settings = parseSettings(value);
        expect(parseSettings(structuredClone(settings))).toEqual(settings);
      } catch (error) {
        expect(error).toBeInstanceOf(WardlightError);
      }
    }),
  );
});

test.each(rowsOf(parseCatalog(catalogJson), "text-linear").map((row) => [row.id, row] as const))(
  "%s: by default nothing is done below its threshold",
  (_, { category, threshold }) => {
    expect(threshold === undefined).toBe(category === undefined);
    for (const level of ["relaxed", "balanced"] as const) {
      const { limits } = (category && ruleFor(category, "page", policyOf({ ...DEFAULT_SETTINGS, level }))) || {};
      for (const limit of Object.values(limits ?? {})) expect(limit).toBeGreaterThanOrEqual(threshold ?? 1);
    }
  },
);

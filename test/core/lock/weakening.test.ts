import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RULE_OF, strengthened, valueAt, weakenedBy, weakenings, withValue } from "../../../src/core/lock/weakening.ts";
import { DEFAULT_SETTINGS, LEVELS, parseSettings, type Settings } from "../../../src/core/policy.ts";
import { COVERS } from "../../../src/core/types.ts";

const NOW = 1_000_000;
const HOUR = 3_600_000;
const night = { days: [0, 6], from: 1_320, to: 360, level: "strict" } as const;

const evening = { days: [1], from: 1_080, to: 1_320, closes: ["topic/law", "sentiment/negative"] } as const;

/** Every setting, with pairs of values of which the second weakens the first, and pairs of which it does not. */
const TABLE: Record<string, { weaker: [unknown, unknown][]; not: [unknown, unknown][] }> = {
  level: {
    weaker: [
      ["strict", "balanced"],
      ["balanced", "relaxed"],
    ],
    not: [
      ["relaxed", "strict"],
      ["strict", "strict"],
    ],
  },
  schedule: {
    weaker: [
      [[night], []],
      [[evening], []],
      [[evening], [{ ...evening, closes: ["topic/law"] }]],
      [[evening], [{ ...evening, from: 1_200 }]],
      [[night, evening], [night]],
    ],
    not: [
      [[], [night]],
      [[night], [night, evening]],
    ],
  },
  pausedUntil: {
    weaker: [
      [null, NOW + HOUR],
      [NOW + HOUR, NOW + 2 * HOUR],
      [NOW - HOUR, NOW + 1],
    ],
    not: [
      [NOW + HOUR, null],
      [null, NOW - HOUR],
      [NOW + 2 * HOUR, NOW + HOUR],
    ],
  },
  allowlist: {
    weaker: [[["a.example"], ["a.example", "b.example"]]],
    not: [[["a.example", "b.example"], ["b.example"]]],
  },
  cover: {
    weaker: [
      ["remove", "card"],
      ["card", "blur"],
      ["card", "pixelate"],
    ],
    not: [
      ["blur", "pixelate"],
      ["pixelate", "blur"],
      ["blur", "remove"],
    ],
  },
  isRegional: { weaker: [[false, true]], not: [[true, false]] },
  fallback: { weaker: [["hide", "heuristic"]], not: [["heuristic", "hide"]] },
  remembers: {
    weaker: [],
    not: [
      [true, false],
      [false, true],
    ],
  },
  rereadsInPrivate: {
    weaker: [],
    not: [
      [true, false],
      [false, true],
    ],
  },
  trustedAddresses: { weaker: [[[], ["a.example"]]], not: [[["a.example"], []]] },
  offLists: { weaker: [[[], ["adult"]]], not: [[["adult"], []]] },
  mayProceed: { weaker: [[false, true]], not: [[true, false]] },
  mayReveal: { weaker: [[false, true]], not: [[true, false]] },
  "journal.retentionDays": { weaker: [[365, 30]], not: [[30, 365]] },
  "journal.siteNames": { weaker: [["plain", "hashed"]], not: [["hashed", "plain"]] },
  "journal.unrecorded": { weaker: [[[], ["a.example"]]], not: [[["a.example"], []]] },
  ...Object.fromEntries(
    ["pii", "secret", "injection"].map((name) => [
      `drafts.${name}`,
      {
        weaker: [
          ["hold", "warn"],
          ["warn", "off"],
        ] as [unknown, unknown][],
        not: [["off", "hold"]] as [unknown, unknown][],
      },
    ]),
  ),
  quietSites: { weaker: [[[], ["a.example"]]], not: [[["a.example"], []]] },
  "page.highlights": { weaker: [[true, false]], not: [[false, true]] },
  "page.neutralises": { weaker: [[true, false]], not: [[false, true]] },
  "page.markedSites": { weaker: [[["a.example"], []]], not: [[[], ["a.example"]]] },
  "page.openSites": { weaker: [[[], ["a.example"]]], not: [[["a.example"], []]] },
  ...Object.fromEntries(
    ["toxicity", "hate", "offensive"].map((name) => [
      `page.comments.${name}`,
      {
        weaker: [
          ["hide", "blur"],
          ["blur", "off"],
        ] as [unknown, unknown][],
        not: [["off", "blur"]] as [unknown, unknown][],
      },
    ]),
  ),
  programs: {
    weaker: [],
    not: [
      [[], ["helper@programs.example"]],
      [["helper@programs.example"], []],
    ],
  },
};

const at = (path: string, value: unknown) => withValue(DEFAULT_SETTINGS, path, value);
const pairs = (side: "weaker" | "not") =>
  Object.entries(TABLE).flatMap(([path, sides]) => sides[side].map(([from, to]) => [path, from, to] as const));

function leaves(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? leaves(inner, `${prefix}${name}.`)
      : [prefix + name],
  );
}

describe("whether one state of the settings weakens another", () => {
  test("every setting has a rule and stands in this table", () => {
    expect([...RULE_OF.keys()].sort()).toEqual(leaves(DEFAULT_SETTINGS).sort());
    expect(Object.keys(TABLE).sort()).toEqual(leaves(DEFAULT_SETTINGS).sort());
  });

  test("the values that are ranked are all that there are", () => {
    const ranked = (path: string) => {
      const rule = RULE_OF.get(path);
      return rule?.kind === "rank" ? rule.order.flat() : [];
    };
    expect(ranked("level")).toEqual(LEVELS);
    expect([...ranked("cover")].sort()).toEqual([...COVERS].sort());
  });

  test.each(pairs("weaker"))("%s: from %j to %j weakens", (path, from, to) => {
    expect(weakenings(at(path, from), at(path, to), NOW).map((one) => one.path)).toEqual([path]);
  });

  test.each(pairs("not"))("%s: from %j to %j does not", (path, from, to) => {
    expect(weakenings(at(path, from), at(path, to), NOW)).toEqual([]);
    expect(strengthened(at(path, from), at(path, to), NOW)).toEqual(at(path, to));
  });
});

const hosts = fc.uniqueArray(fc.constantFrom("a.example", "b.example", "c.example", "d.example"));
const settings: fc.Arbitrary<Settings> = fc
  .record({
    level: fc.constantFrom(...LEVELS),
    schedule: fc.constantFrom([], [night], [night, { ...night, from: 0 }], [evening, night]),
    pausedUntil: fc.constantFrom(null, NOW - HOUR, NOW + HOUR, NOW + 2 * HOUR),
    allowlist: hosts,
    trustedAddresses: hosts,
    offLists: fc.uniqueArray(fc.constantFrom("adult", "scam")),
    mayProceed: fc.boolean(),
    mayReveal: fc.boolean(),
    cover: fc.constantFrom(...COVERS),
    isRegional: fc.boolean(),
    fallback: fc.constantFrom("hide", "heuristic"),
    drafts: fc.record({
      pii: fc.constantFrom("off", "warn", "hold"),
      secret: fc.constantFrom("off", "warn", "hold"),
      injection: fc.constantFrom("off", "warn", "hold"),
    }),
    journal: fc.record({
      retentionDays: fc.integer({ min: 1, max: 3_650 }),
      siteNames: fc.constantFrom("plain", "hashed"),
      unrecorded: hosts,
    }),
  })
  .map(parseSettings);

describe("what holds at once, and what later", () => {
  test("the part that holds at once weakens nothing, and with the rest it is what was asked for", () => {
    fc.assert(
      fc.property(settings, settings, (before, after) => {
        const now = strengthened(before, after, NOW);
        expect(weakenings(before, now, NOW)).toEqual([]);
        const whole = weakenings(before, after, NOW).reduce((all, one) => weakenedBy(all, one, NOW), now);
        const sorted = (value: Settings) =>
          [...RULE_OF.keys()].map((path) => {
            const found = valueAt(value, path);
            return [path, Array.isArray(found) ? found.map((one) => JSON.stringify(one)).sort() : found];
          });
        const wanted = after.pausedUntil !== null && after.pausedUntil <= NOW ? { ...after, pausedUntil: null } : after;
        const met = whole.pausedUntil !== null && whole.pausedUntil <= NOW ? { ...whole, pausedUntil: null } : whole;
        expect(sorted(met)).toEqual(sorted(wanted));
      }),
    );
  });

  test("what was taken off a list in the meantime stays off it", () => {
    const [asked] = weakenings(at("allowlist", ["a.example"]), at("allowlist", ["a.example", "b.example"]), NOW);
    expect(asked).toEqual({ path: "allowlist", value: ["b.example"] });
    const later = asked && weakenedBy(at("allowlist", []), asked, NOW + HOUR);
    expect(later?.allowlist).toEqual(["b.example"]);
  });

  test("a pause that has waited is as long as it was asked for", () => {
    const [asked] = weakenings(DEFAULT_SETTINGS, at("pausedUntil", NOW + HOUR), NOW);
    const later = asked && weakenedBy(DEFAULT_SETTINGS, asked, NOW + 24 * HOUR);
    expect(later?.pausedUntil).toBe(NOW + 25 * HOUR);
  });
});

import { describe, expect, test } from "vitest";
import schema from "../../public/managed-schema.json" with { type: "json" };
import { againstManaged, MANAGEABLE, parseManaged, UNMANAGED, withManaged, withOwn } from "../../src/core/managed.ts";
import { ALL_PAGE_LABELS } from "../../src/core/page-labels.ts";
import { DEFAULT_SETTINGS } from "../../src/core/policy.ts";

const odd: string[] = [];
const read = (value: unknown) => parseManaged(value, (path) => odd.push(path));

describe("what an organisation sets", () => {
  test("wins, place by place", () => {
    const managed = read({ level: "strict", drafts: { pii: "hold" }, isLocked: true, coolingHours: 24 });
    expect([managed.isLocked, managed.coolingHours]).toEqual([true, 24]);
    const own = { ...DEFAULT_SETTINGS, level: "relaxed", cover: "card" } as const;
    const settings = withManaged(own, managed);
    expect(settings).toEqual({ ...own, level: "strict", drafts: { ...own.drafts, pii: "hold" } });
    expect(againstManaged(settings, managed)).toEqual([]);
    expect(againstManaged({ ...settings, level: "balanced" }, managed)).toEqual(["level"]);
    expect(withOwn({ ...settings, cover: "remove" }, own, managed)).toEqual({ ...own, cover: "remove" });
  });

  test("what is not sound is left out and told of, and the rest holds", () => {
    odd.length = 0;
    const managed = read({ level: "severe", cover: "card", allowlist: ["Not A Host"], colour: 1, coolingHours: -1 });
    expect([...managed.values]).toEqual([["cover", "card"]]);
    expect(odd.sort()).toEqual(["allowlist", "level"]);
    expect(managed.coolingHours).toBe(0);
  });

  test.each([undefined, null, "x", 5])("%j is nothing", (value) => {
    expect(read(value)).toEqual(UNMANAGED);
  });

  test("hours may close pages by every label, as the schema names them", () => {
    const { closes } = schema.properties.schedule.items.properties;
    expect(closes.items.enum).toEqual(ALL_PAGE_LABELS);
    const schedule = [{ days: [1, 2], from: 480, to: 960, closes: ["topic/other", "sentiment/negative"] }];
    expect(read({ schedule }).values.get("schedule")).toEqual(schedule);
  });

  test("the schema that browsers read names every setting that can be set, and its values", () => {
    const places = (properties: object, prefix = ""): string[] =>
      Object.entries(properties).flatMap(([name, one]) =>
        "properties" in one ? places(one.properties as object, `${prefix}${name}.`) : [prefix + name],
      );
    expect(places(schema.properties).sort()).toEqual([...MANAGEABLE, "isLocked", "coolingHours"].sort());
    for (const [name, { enum: values = [] }] of Object.entries(
      schema.properties as Record<string, { enum?: string[] }>,
    )) {
      for (const value of values) expect(read({ [name]: value }).values.get(name)).toBe(value);
    }
  });
});

import { describe, expect, test } from "vitest";
import { turnTo } from "../../../src/core/analytics/activity.ts";
import { DEFAULT_WISHES, linkTo, offeredKinds, parseWishes } from "../../../src/core/analytics/wishes.ts";

describe("wishes for help", () => {
  test("absent ones keep their default, sound ones are kept", () => {
    expect(parseWishes(undefined)).toEqual(DEFAULT_WISHES);
    const ally = { name: "Sam", contact: "+49 (30) 123-45" };
    expect(parseWishes({ ally, goals: ["Sleep\nmore"] })).toEqual({ ...DEFAULT_WISHES, ally, goals: ["Sleep\nmore"] });
  });

  test.each([
    { kinds: ["shame"] },
    { quietFrom: 1_440 },
    { quietTo: 1.5 },
    { ally: { name: "", contact: "1234" } },
    { ally: { name: "Sam", contact: "javascript:alert(1)" } },
    { goals: ["a", "b", "c", "d", "e", "f"] },
    { goals: ["x".repeat(301)] },
    { goals: ["\u0007"] },
    { heldUntil: "soon" },
    { heldHosts: ["https://a.example/"] },
  ])("%j is refused", (wrong) => {
    expect(() => parseWishes(wrong)).toThrow("nothing was changed");
  });

  test("what is not set up is not offered", () => {
    expect(offeredKinds(DEFAULT_WISHES, 5)).toEqual(["breath", "reason", "tonight"]);
    const all = { ...DEFAULT_WISHES, ally: { name: "Sam", contact: "1234" }, goals: ["Sleep"], heldUntil: 9 };
    expect(offeredKinds(all, 5)).toEqual(["breath", "reason", "ally", "goal"]);
    expect(offeredKinds(all, 10)).toContain("tonight");
  });

  test.each([
    ["+49 (30) 123-45", "tel:+493012345"],
    ["sam@mail.example", "mailto:sam@mail.example"],
    ["sam@mail.example?bcc=x", undefined],
    ["javascript:alert(1)", undefined],
    ["call me", undefined],
  ])("%s leads to %s", (contact, link) => {
    expect(linkTo(contact)).toBe(link);
  });
});

describe("what is in front", () => {
  const MINUTE = 60_000;
  test.each([
    ["begins", null, "news", 0, { since: 0, hostClass: "news" }, null],
    ["goes on", { since: 0, hostClass: "news" }, "news", MINUTE, { since: 0, hostClass: "news" }, null],
    [
      "goes on for long",
      { since: 0, hostClass: "news" },
      "news",
      6 * MINUTE,
      { since: 6 * MINUTE, hostClass: "news" },
      6,
    ],
    ["changes", { since: 0, hostClass: "news" }, "mail", MINUTE, { since: MINUTE, hostClass: "mail" }, 1],
    ["ends", { since: 0, hostClass: "news" }, null, MINUTE, { since: MINUTE, hostClass: null }, 1],
    ["stays nothing", { since: 0, hostClass: null }, null, MINUTE, { since: 0, hostClass: null }, null],
    [
      "was left while the machine slept",
      { since: 0, hostClass: "news" },
      "mail",
      61 * MINUTE,
      { since: 61 * MINUTE, hostClass: "mail" },
      null,
    ],
    [
      "met a clock that was set back",
      { since: 9 * MINUTE, hostClass: "news" },
      "news",
      MINUTE,
      { since: MINUTE, hostClass: "news" },
      null,
    ],
  ] as const)("%s", (_, before, hostClass, now, scene, minutes) => {
    const turned = turnTo(before, hostClass, now);
    expect(turned.scene).toEqual(scene);
    expect(turned.span && turned.span.until - turned.span.from).toBe(minutes && minutes * MINUTE);
  });
});

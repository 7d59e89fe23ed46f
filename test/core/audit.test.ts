import { describe, expect, test } from "vitest";
import { auditOf, withoutNames } from "../../src/core/audit.ts";
import { DEFAULT_SETTINGS } from "../../src/core/policy.ts";

describe("what is written down of a change", () => {
  test("of settings each place, and of a list what went and what came", () => {
    const after = {
      ...DEFAULT_SETTINGS,
      level: "strict",
      allowlist: ["b.example", "c.example"],
      drafts: { ...DEFAULT_SETTINGS.drafts, pii: "off" },
    };
    expect(auditOf("settings", { ...DEFAULT_SETTINGS, allowlist: ["a.example", "b.example"] }, after)).toEqual([
      { about: "settings", what: "allowlist", from: '["a.example"]', to: '["c.example"]' },
      { about: "settings", what: "drafts.pii", from: '"warn"', to: '"off"' },
      { about: "settings", what: "level", from: '"balanced"', to: '"strict"' },
    ]);
  });

  test("nothing where all is as it was, or was only written out", () => {
    expect(auditOf("settings", undefined, DEFAULT_SETTINGS)).toEqual([]);
    expect(auditOf("lists", [{ id: "1", title: "a", checkedAt: 1 }], [{ id: "1", title: "a", checkedAt: 2 }])).toEqual(
      [],
    );
  });

  test("of packs which, and which bytes", () => {
    const pin = { id: "tiny", version: "1.0.0", sha256: "ab", weight: 1, isEnabled: true, about: "long" };
    expect(auditOf("packs", [], [pin])).toEqual([
      { about: "packs", what: "tiny@1.0.0", to: '{"isEnabled":true,"sha256":"ab","weight":1}' },
    ]);
    expect(auditOf("packs", [pin], [])).toMatchObject([{ what: "tiny@1.0.0", from: expect.any(String) }]);
  });

  test("of wishes for help the budgets alone, and of the lock never a secret's wrapping", () => {
    const before = { ally: { name: "Anna", contact: "a@b.example" }, budgets: {} };
    const after = { ally: null, budgets: { social: 30 } };
    expect(auditOf("help", before, after)).toEqual([{ about: "help", what: "budgets.social", to: "30" }]);
    const slot = { kind: "passphrase", addedAt: 5, salt: "aa", iv: "bb", wrapped: "cc" };
    const lock = { slots: [slot], coolingHours: 24, lockdownUntil: null, pending: [] };
    expect(auditOf("lock", undefined, lock)).toEqual([
      { about: "lock", what: "coolingHours", to: "24" },
      { about: "lock", what: "passphrase", to: "5" },
    ]);
  });

  test("is bounded", () => {
    const allowlist = Array.from({ length: 5_000 }, (_, i) => `host-${i}.example`);
    const [change] = auditOf("settings", DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, allowlist });
    expect(change?.to).toHaveLength(300);
  });

  test("without names of sites where they are not to be kept", () => {
    const change = { id: "1", dueAt: 5, change: { kind: "setting", path: "allowlist", value: ["a.example"] } };
    const changes = [
      ...auditOf("settings", DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, allowlist: ["a.example"], level: "strict" }),
      ...auditOf("lock", {}, { pending: [change] }),
      ...auditOf("lists", [], [{ id: "1", title: "a.example" }]),
    ];
    expect(JSON.stringify(changes)).toContain("a.example");
    expect(JSON.stringify(withoutNames(changes))).not.toContain("a.example");
    expect(withoutNames(changes)).toContainEqual(expect.objectContaining({ what: "level", to: '"strict"' }));
  });
});

import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { AUDITED, type AuditChange } from "../../../src/core/audit.ts";

vi.mock("webextension-polyfill", () => ({
  default: {
    i18n: { getMessage: (key: string, values: string[] = []) => [key, ...values].join(" "), getUILanguage: () => "en" },
  },
}));
const { sayAudit } = await import("../../../src/extension/options/lock/words.ts");

const audit = (change: Omit<AuditChange, "about">) => sayAudit({ about: "settings", ...change });

test("hours that came are named by what they do", () => {
  const night = { days: [0, 1, 2, 3, 4, 5, 6], from: 0, to: 0, closes: ["topic/law", "sentiment/negative"] };
  const { change } = audit({ what: "schedule", to: JSON.stringify([night]) });
  expect(change).toContain("+ schedule_closed label_law_topic, label_negative_sentiment");
  expect(change).toContain("schedule_daily");
});

test("whatever a journal from elsewhere says is put into words, or stands as it is", () => {
  const places = fc.constantFrom("level", "schedule", "pausedUntil", "lockdownUntil", "coolingHours", "pending x", "");
  const value = fc.oneof(fc.string(), fc.json());
  fc.assert(
    fc.property(fc.constantFrom(...AUDITED, "policy"), places, value, value, (about, what, from, to) => {
      const said = sayAudit({ about: about as AuditChange["about"], what, from, to });
      expect([typeof said.subject, typeof said.change]).toEqual(["string", "string"]);
    }),
    { examples: [["settings", "pausedUntil", '"never"', "1e999"]], numRuns: 500 },
  );
});

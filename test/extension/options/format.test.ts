import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { ROOT } from "../../../scripts/setup.mjs";

/** As an extension in a browser of this language sees it. */
async function formatIn(language: string) {
  const messages = JSON.parse(readFileSync(`${ROOT}public/_locales/${language}/messages.json`, "utf8"));
  const getMessage = (key: string, values: string[] = []) =>
    messages[key].message.replace(/\$(\d)/g, (_: string, place: string) => values[Number(place) - 1] ?? "");
  vi.resetModules();
  vi.doMock("webextension-polyfill", () => ({ default: { i18n: { getMessage, getUILanguage: () => language } } }));
  return import("../../../src/extension/options/format.ts");
}

test.each([
  ["en", "0 encounters", "1 encounter", "2,345 encounters", "0.5"],
  ["de", "0 Begegnungen", "1 Begegnung", "2.345 Begegnungen", "0,5"],
  ["es", "0 exposiciones", "1 exposición", "2345 exposiciones", "0,5"],
  ["fr", "0 exposition", "1 exposition", "2\u202F345 expositions", "0,5"],
  ["it", "0 esposizioni", "1 esposizione", "2345 esposizioni", "0,5"],
])("%s counts and measures as it is written there", async (language, none, one, many, half) => {
  const { measured, plural } = await formatIn(language);
  expect([0, 1, 2_345].map((value) => plural("encounters", value))).toEqual([none, one, many]);
  expect(measured("0.5")).toBe(half);
  expect(measured("0.50")).toBe(`${half}0`);
});

test.each(["7", "node-17.3.example", "v1.2.3", "1e5", "-", ""])("%j of the evidence stays as it is", async (value) => {
  expect((await formatIn("fr")).measured(value)).toBe(value);
});

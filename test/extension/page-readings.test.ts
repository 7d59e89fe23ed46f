import { expect, test } from "vitest";
import type { Finding } from "../../src/core/types.ts";
import { PageReadings } from "../../src/extension/offscreen/page-readings.ts";
import { nobody, type Visitor } from "../../src/extension/offscreen/visitor.ts";
import type { PageDescription, TextSighting } from "../../src/extension/text-messages.ts";

const DOCUMENT = { tabId: 7, url: "https://a.example/page" };
const page = (): Visitor => ({ ...nobody(), document: DOCUMENT });
const text = (chars: number, fields: Partial<TextSighting> = {}): TextSighting => ({
  kind: "text",
  id: "t1",
  context: "page",
  text: "x".repeat(chars),
  ...fields,
});
const about = (topic: string, score = 0.9): Finding => ({ signals: [], labels: { topic: { [topic]: score } } });

function listening() {
  const told: PageDescription[] = [];
  const readings = new PageReadings(async (description) => void told.push(description));
  return { readings, told };
}

test("a page is told of when what it is about becomes known, and again when it has become something else", () => {
  const { readings, told } = listening();
  const visitor = page();
  readings.add(visitor, [text(100)], [about("law")]);
  expect(told).toEqual([]);
  readings.add(visitor, [text(400)], [about("law")]);
  readings.add(visitor, [text(400)], [about("law")]);
  readings.add(visitor, [text(9_000)], [about("health")]);
  expect(told.map(({ described }) => described.map(({ label }) => label))).toEqual([["topic/law"], ["topic/health"]]);
  expect(told[0]).toMatchObject(DOCUMENT);
  readings.add(page(), [text(100)], [about("law")]);
  expect(told).toHaveLength(2);
});

test.each([
  ["a comment", text(900, { context: "comment" })],
  ["what no reader sees", text(900, { structure: { concealments: ["display"], role: "body" } })],
  ["a menu", text(900, { structure: { concealments: [], role: "navigation" } })],
  ["an advertisement", text(900, { structure: { concealments: [], role: "ad" } })],
])("%s says nothing of the page", (_, sighting) => {
  const { readings, told } = listening();
  readings.add(page(), [sighting], [about("law")]);
  expect(told).toEqual([]);
});

test("a frame is no page, and what was not described counts for nothing", () => {
  const { readings, told } = listening();
  readings.add(nobody(), [text(900)], [about("law")]);
  readings.add(page(), [text(900)], [{ signals: [] }]);
  expect(told).toEqual([]);
});

import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import en from "../../../public/_locales/en/messages.json" with { type: "json" };
import { escapeHtml, REPORT_ENGLISH, type ReportLocale, toHtml, toJson } from "../../../src/core/report/export.ts";
import { buildReport } from "../../../src/core/report/forensic.ts";
import type { JournalEvent } from "../../../src/core/report/journal.ts";
import { journalEvents, tally, verdict, words } from "./events.ts";

const FRAME = { since: 1_767_225_600_000, until: 1_767_312_000_000, generatedAt: 1_767_312_000_001, version: "0.1.0" };
const ALL = { ...FRAME, since: 0, until: Number.MAX_SAFE_INTEGER };
const at = FRAME.since + 60_000;
const htmlOf = (events: JournalEvent[], locale?: ReportLocale) => toHtml(buildReport(events, FRAME), locale);
const count = (text: string, part: string) => text.split(part).length - 1;

const ENTITY = /&(?:amp|lt|gt|quot|#39|#96);/g;
const unescaped = (text: string) =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&#96;", "`")
    .replaceAll("&amp;", "&");

describe("escapeHtml", () => {
  it("leaves no character that could end a text or an attribute, and loses nothing", () => {
    fc.assert(
      fc.property(words, (text) => {
        const escaped = escapeHtml(text);
        expect(escaped.replace(ENTITY, "")).not.toMatch(/[<>&"'`]/);
        expect(unescaped(escaped)).toBe(text);
      }),
    );
  });
});

describe("toJson", () => {
  it("gives back the same report, with the events under `events`", () => {
    const report = buildReport([tally({ at }), verdict({ at })], FRAME);
    expect(JSON.parse(toJson(report))).toEqual(report);
    expect(toJson(report)).toContain('\n  "events": [');
  });
});

describe("toHtml", () => {
  it("shows evidence, models and failures of every kind", () => {
    const page = htmlOf([
      verdict({
        id: "a",
        at,
        evidence: [
          { kind: "span", start: 4, end: 31, rule: "ignore-previous", detector: "text/patterns" },
          { kind: "rule", rule: "list/adult", value: "listed.example", detector: "url/blocklist" },
          { kind: "class", name: "porn", score: 0.88, detector: "image/nsfw" },
        ],
        failure: { code: "resource", message: "The picture is gone." },
      }),
      tally({ id: "b", at, allowed: 1_234 }),
    ]);
    expect(page).toContain("<small>text/patterns</small></li><li>ignore-previous, characters 4–31</li>");
    expect(page).toContain("list/adult: <b>listed.example</b>");
    expect(page).toContain('porn</span> <meter min="0" max="1" value="0.88"></meter> 0.88');
    expect(page).toContain("<code>nsfw@1.0.0</code>");
    expect(page).toContain("The picture is gone.");
    expect(page).toContain("Text: 1,234 harmless, counted only");
  });

  it("says so when nothing was recorded", () => {
    const page = htmlOf([]);
    expect(page).toContain(REPORT_ENGLISH.report_empty);
    expect(page).not.toContain("<table");
  });

  it("loads nothing and runs nothing", () => {
    const page = htmlOf([verdict({ at })]);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<(?:script|link|img|iframe|base|form|a)\b|url\(|@import| on\w+=| src=| href=/i);
  });

  it("has the same elements whatever the page wrote into the journal", () => {
    const shape = (page: string) => page.replace(/>[^<]*/g, ">").replace(/ (?:value|datetime)="[^"]*"/g, "");
    // Equal texts stay equal: a detector is named once for all that it found.
    const tame = (text: string) => [...text].map((character) => character.codePointAt(0)).join("-");
    fc.assert(
      fc.property(journalEvents, (events) => {
        const report = buildReport(events, ALL);
        const tamed = JSON.parse(JSON.stringify(events), (key, value) =>
          ["site", "label", "rule", "value", "name", "detector", "message"].includes(key) ? tame(value) : value,
        );
        const quiet = { ...report, events: buildReport(tamed, ALL).events };
        expect(shape(toHtml(report))).toBe(shape(toHtml(quiet)));
      }),
    );
  });

  test.each(["<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "</style><b>", "';--`"])(
    "%s stays text",
    (bad) => {
      const event = verdict({ at, site: bad, label: bad, models: [bad], failure: { code: "model", message: bad } });
      const page = htmlOf([{ ...event, evidence: [{ kind: "rule", rule: bad, value: bad, detector: bad }] }]);
      expect(page).not.toContain(bad);
      expect(count(page, escapeHtml(bad))).toBe(9);
    },
  );

  it("escapes labels too, and names unknown keys by themselves", () => {
    const label = (key: string) => (key.startsWith("category_") ? "" : `<i>${key}</i>`);
    const page = htmlOf([verdict({ at })], { language: "de", timeZone: "Europe/Berlin", label });
    expect(page).toContain('<html lang="de">');
    expect(page).toContain("<td>sexual</td>");
    expect(page).not.toContain("<i>");
  });
});

test("the English of the report is the English of the extension", () => {
  const messages: Record<string, { message: string }> = en;
  const shared = Object.keys(REPORT_ENGLISH).map((key) => [key, messages[key]?.message]);
  expect(Object.fromEntries(shared)).toEqual(REPORT_ENGLISH);
});

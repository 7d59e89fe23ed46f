import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import en from "../../../public/_locales/en/messages.json" with { type: "json" };
import { type AuditChange, plainChange } from "../../../src/core/audit.ts";
import { canonicalBytes } from "../../../src/core/bytes.ts";
import { follow } from "../../../src/core/chain.ts";
import { csvCell, csvWriter, jsonWriter, type Parts, type ReportWriter } from "../../../src/core/report/export.ts";
import type { ReportHead } from "../../../src/core/report/forensic.ts";
import { toHtml } from "../../../src/core/report/html.ts";
import type { JournalEvent } from "../../../src/core/report/journal.ts";
import { escapeHtml } from "../../../src/core/report/markup.ts";
import { REPORT_ENGLISH, type ReportLocale } from "../../../src/core/report/words.ts";
import { journalEvents, tally, verdict, words } from "./events.ts";
import { chainOf, newSigner, reportOf, reportOn } from "./journalled.ts";

const FRAME = {
  since: 1_767_225_600_000,
  until: 1_767_312_000_000,
  generatedAt: 1_767_312_000_001,
  version: "0.1.0",
  timeZone: "UTC",
};
const ALL = { ...FRAME, since: 0, until: Number.MAX_SAFE_INTEGER };
const at = FRAME.since + 60_000;
const htmlOf = async (events: JournalEvent[], locale?: ReportLocale) => toHtml(await reportOf(events, FRAME), locale);
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
  it("leaves no character that could end a text or an attribute, and loses nothing", async () => {
    fc.assert(
      fc.property(words, (text) => {
        const escaped = escapeHtml(text);
        expect(escaped.replace(ENTITY, "")).not.toMatch(/[<>&"'`]/);
        expect(unescaped(escaped)).toBe(text);
      }),
    );
  });
});

const textOf = async (parts: Parts) => new Blob(parts).text();
/** As the journal hands out entries, of at most 7 events each. */
const entriesOf = (events: readonly JournalEvent[]) =>
  Array.from({ length: Math.ceil(events.length / 7) }, (_, i) =>
    follow({ n: i, hash: "ab".repeat(32) }, at, { kind: "events", events: events.slice(7 * i, 7 * i + 7) }),
  );
const written = (writer: ReportWriter, events: readonly JournalEvent[]) => {
  for (const entry of entriesOf(events)) writer.add(entry, canonicalBytes(entry));
  return writer;
};
const HEAD = { format: "wardlight-report" } as ReportHead;
const csvOf = (events: readonly JournalEvent[]) =>
  textOf(
    written(
      csvWriter(() => true),
      events,
    ).finish(HEAD, ""),
  );

describe("jsonWriter", () => {
  test.each([0, 1, 12_000])("gives back the same report of %i events, under `events`", async (n) => {
    const events = Array.from({ length: n }, (_, i) =>
      i % 2 ? tally({ id: `${i}`, at }) : verdict({ id: `${i}`, at }),
    );
    const { events: _, seal, ...head } = await reportOf(events, FRAME);
    const text = await textOf(written(jsonWriter(), events).finish(head, seal));
    expect(JSON.parse(text)).toEqual({ ...head, seal, events });
    expect(text).toContain('\n  "events": [');
  });

  it("finds the events of an entry whatever words they hold", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(words, fc.constant('],"kind":"events","events":[é')), { minLength: 1 }),
        async (all) => {
          const events = all.map((label, i) => verdict({ id: `${i}`, at, label }));
          const text = await textOf(written(jsonWriter(), events).finish(HEAD, ""));
          expect(JSON.parse(text).events).toEqual(events);
        },
      ),
    );
  });
});

describe("csvWriter", () => {
  test("a row an event, under a header", async () => {
    const [header, ...rows] = (await csvOf([verdict({ at }), tally({ at })])).trimEnd().split("\r\n");
    expect(header).toMatch(/^time,kind,subject,site,/);
    expect(rows[0]).toMatch(/^2026-01-01T00:01:00.000Z,verdict,image,pictures.example,/);
    expect(rows[1]).toBe("2026-01-01T00:01:00.000Z,tally,text,news.example,,,,,allow,,3,,,t");
  });

  test.each(["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "\r=1", "|x", '=HYPERLINK("a")'])("%j is no formula", (text) => {
    expect(csvCell(text)).toMatch(/^"?'/);
  });

  test("a cell comes back as it was, whatever is in it", () => {
    fc.assert(
      fc.property(words, (text) => {
        const cell = csvCell(text);
        const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect([text, `'${text}`]).toContain(read);
        if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",\r\n]/);
      }),
    );
  });
});

describe("toHtml", () => {
  it("shows evidence, models and failures of every kind", async () => {
    const page = await htmlOf([
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
    expect(page).toContain(
      "<small><code>text/patterns</code></small></li><li><code>ignore-previous</code>, characters 4–31</li>",
    );
    expect(page).toContain("<code>list/adult</code>: <b>listed.example</b>");
    expect(page).toContain('porn</code> <meter min="0" max="1" value="0.88"></meter> 0.88');
    expect(page).toContain("<code>nsfw@1.0.0</code>");
    expect(page).toContain("The picture is gone.");
    expect(page).toContain("Text: 1,234 harmless, counted only");
  });

  it("says so when nothing was recorded", async () => {
    const page = await htmlOf([]);
    expect(page).toContain(REPORT_ENGLISH.report_empty);
    expect(page).not.toContain("<table");
  });

  it("loads nothing and runs nothing", async () => {
    const page = await htmlOf([verdict({ at })]);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<(?:script|link|img|iframe|base|form|a)\b|url\(|@import| on\w+=| src=| href=/i);
  });

  it("has the same elements whatever the page wrote into the journal", async () => {
    const shape = (page: string) => page.replace(/>[^<]*/g, ">").replace(/ (?:value|datetime)="[^"]*"/g, "");
    // Equal texts stay equal: a detector is named once for all that it found.
    const tame = (text: string) => [...text].map((character) => character.codePointAt(0)).join("-");
    await fc.assert(
      fc.asyncProperty(journalEvents, async (events) => {
        const report = await reportOf(events, ALL);
        const tamed = JSON.parse(JSON.stringify(events), (key, value) =>
          ["site", "label", "rule", "value", "name", "detector", "message"].includes(key) ? tame(value) : value,
        );
        const quiet = { ...report, events: tamed };
        expect(shape(toHtml(report))).toBe(shape(toHtml(quiet)));
      }),
    );
  });

  test.each(["<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "</style><b>", "';--`"])(
    "%s stays text",
    async (bad) => {
      const event = verdict({ at, site: bad, label: bad, models: [bad], failure: { code: "model", message: bad } });
      const page = await htmlOf([{ ...event, evidence: [{ kind: "rule", rule: bad, value: bad, detector: bad }] }]);
      expect(page).not.toContain(bad);
      expect(count(page, escapeHtml(bad))).toBe(9);
    },
  );

  it("escapes labels too, and names unknown keys by themselves", async () => {
    const label = (key: string) => (key.startsWith("category_") ? "" : `<i>${key}</i>`);
    const page = await htmlOf([verdict({ at })], {
      language: "de",
      timeZone: "Europe/Berlin",
      label,
      change: plainChange,
    });
    expect(page).toContain('<html lang="de">');
    expect(page).toContain("<td>sexual</td>");
    expect(page).not.toContain("<i>");
  });
});

describe("the changes of the guard in the page", () => {
  const changed = async (changes: readonly (readonly AuditChange[])[], frame = ALL) => {
    const signer = await newSigner();
    const chain = await chainOf(
      changes.map((one) => ({ kind: "audit", changes: one })),
      signer,
    );
    return toHtml(await reportOn(chain, frame, signer));
  };
  const strict: AuditChange = { about: "settings", what: "level", from: '"balanced"', to: '"strict"' };

  it("are listed one by one, those of the period alone, and none is said to be none", async () => {
    const page = await changed([[strict, { about: "lists", what: "My hosts" }], [{ about: "lock", what: "opened" }]]);
    expect(count(page, '<td class="what">')).toBe(3);
    for (const words of [
      "settings: level",
      "&quot;balanced&quot; → &quot;strict&quot;",
      "lists: My hosts",
      "lock: opened",
    ])
      expect(page).toContain(words);
    expect(page).not.toContain(REPORT_ENGLISH.report_changesNone);
    for (const quiet of [await changed([[strict]], FRAME), await changed([])])
      expect(quiet).toContain(REPORT_ENGLISH.report_changesNone);
  });

  it("are the newest 500, and how many more there were is said", async () => {
    const page = await changed(Array.from({ length: 7 }, (_, i) => Array(100).fill({ ...strict, what: `level${i}` })));
    expect(page).not.toContain("level1<");
    for (const what of ["level2", "level6"]) expect(count(page, `settings: ${what}<`)).toBe(100);
    expect(page).toContain(`${REPORT_ENGLISH.report_changesOmitted} 200`);
  });

  it("stay text, whatever a list is called or a value says", async () => {
    await fc.assert(
      fc.asyncProperty(words, words, words, async (what, from, to) => {
        const page = await changed([[{ about: "lists", what, from, to }]]);
        const row = page.slice(page.indexOf('<td class="what">'), page.indexOf("</tbody>"));
        expect(row.match(/<[^>]*>/g)).toEqual([
          '<td class="what">',
          "</td>",
          '<td class="evidence">',
          "</td>",
          "</tr>",
        ]);
        expect(unescaped(row)).toContain(what);
      }),
      { numRuns: 30 },
    );
  });
});

test("the English of the report is the English of the extension", () => {
  const messages: Record<string, { message: string }> = en;
  const shared = Object.keys(REPORT_ENGLISH).map((key) => [key, messages[key]?.message]);
  expect(Object.fromEntries(shared)).toEqual(REPORT_ENGLISH);
});

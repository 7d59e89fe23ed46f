import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SAME_MS } from "../../../src/core/analytics/day.ts";
import { daysOf, type Judged, withEvents, withSpan } from "../../../src/core/analytics/fold.ts";
import { hostClassOf } from "../../../src/core/analytics/host-class.ts";
import { localClock } from "../../../src/core/analytics/local-time.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const clock = localClock("Europe/Berlin");
const NOON = Date.parse("2026-06-10T10:00Z");

function picture(at: number, fields: Partial<Extract<Judged, { kind: "verdict" }>> = {}): Judged {
  const verdict = {
    kind: "verdict",
    subject: "image",
    site: "www.reddit.com",
    category: "sexual",
    score: 0.9,
  } as const;
  return { ...verdict, action: "blur", reason: "judged", at, ...fields };
}
const rows = (events: readonly Judged[]) => [...withEvents(new Map(), events, clock).values()];

const events: fc.Arbitrary<Judged[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("tally" as const), at: fc.nat({ max: 3 * DAY }), allowed: fc.nat({ max: 50 }) }),
    fc.record({
      kind: fc.constant("verdict" as const),
      at: fc.nat({ max: 3 * DAY }),
      site: fc.constantFrom("reddit.com", "a.example"),
      subject: fc.constantFrom("image" as const, "url" as const),
      category: fc.constantFrom("sexual" as const, "adult" as const, "phishing" as const, "safe" as const),
      score: fc.constantFrom(0.1, 0.7, 0.9),
      action: fc.constantFrom("allow" as const, "blur" as const, "block" as const),
      reason: fc.constantFrom("judged" as const, "proceeded" as const),
    }),
  ),
  { maxLength: 40 },
);

describe("a day's tally", () => {
  test("counts what was judged, and lists what was acted on by category, class and hour", () => {
    const [row] = rows([
      { kind: "tally", at: NOON, allowed: 5 },
      picture(NOON),
      picture(NOON + MINUTE, { action: "allow" }),
      picture(NOON + HOUR, { category: "phishing", subject: "url", action: "block", site: "bad.example" }),
    ]);
    expect(row).toMatchObject({
      judged: 8,
      acted: 2,
      categories: { sexual: 1, phishing: 1 },
      classes: { social: 1, unsorted: 1 },
    });
    expect(row?.actedByHour[12]).toBe(1);
    expect(row?.actedByHour[13]).toBe(1);
  });

  test("joins signs that follow one another, and keeps the worst of them", () => {
    const [row] = rows([
      picture(NOON),
      picture(NOON + SAME_MS - 1, { score: 0.99 }),
      picture(NOON + 2 * SAME_MS - 2, { subject: "url", category: "adult", action: "block" }),
      picture(NOON + 4 * SAME_MS),
    ]);
    expect(row?.encounters).toEqual([
      {
        at: NOON,
        until: NOON + 2 * SAME_MS - 2,
        minute: 720,
        signs: 3,
        severity: 0.99,
        hasAddress: true,
        wasContinued: false,
      },
      expect.objectContaining({ at: NOON + 4 * SAME_MS, signs: 1, hasAddress: false }),
    ]);
  });

  test("going on all the same is part of the encounter, though it allows", () => {
    const on = picture(NOON + 1, { subject: "url", category: "adult", action: "allow", reason: "proceeded" });
    expect(rows([picture(NOON), on])[0]?.encounters).toMatchObject([{ signs: 1, wasContinued: true }]);
  });

  test("does not depend on the order of events, nor on how they are split into batches", () => {
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.nat()), fc.nat({ max: 40 }), (all, keys, cut) => {
        const shuffled = all
          .map((event) => ({ event, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key);
        const order = shuffled.map(({ event }) => event);
        const inTwo = withEvents(withEvents(new Map(), order.slice(0, cut), clock), order.slice(cut), clock);
        expect(new Map([...inTwo].sort())).toEqual(new Map([...withEvents(new Map(), all, clock)].sort()));
      }),
    );
  });

  test("stays small, however many events there are", () => {
    const flood = Array.from({ length: 5_000 }, (_, i) => picture(NOON + i * 1_700));
    const [row] = rows(flood);
    expect(row?.acted).toBe(5_000);
    expect(row?.encounters).toHaveLength(1);
  });
});

describe("active time", () => {
  const span = (from: number, until: number, zone = "Europe/Berlin") =>
    withSpan(new Map(), { from, until, hostClass: "news" }, localClock(zone));

  test("is cut at local hours and midnights", () => {
    const from = Date.parse("2026-06-10T20:45Z");
    const book = span(from, from + 2 * HOUR);
    expect([...book.keys()]).toEqual([clock(from).day, clock(from).day + 1]);
    const [first, second] = [...book.values()];
    expect([first?.activeByHour[22], first?.activeByHour[23], second?.activeByHour[0]]).toEqual([
      15 * MINUTE,
      HOUR,
      45 * MINUTE,
    ]);
    expect(first?.activeByClass).toEqual({ news: 75 * MINUTE });
  });

  test.each([
    ["the hour that is left out", "2026-03-29T00:30Z", [30 * MINUTE, 0, HOUR]],
    ["the hour that comes twice", "2026-10-24T23:30Z", [30 * MINUTE, 2 * HOUR, 30 * MINUTE]],
  ])("loses and invents nothing in %s", (_, at, [one, two, three]) => {
    const from = Date.parse(at);
    const hours =
      [...span(from, from + (two ? 3 * HOUR : 90 * MINUTE)).values()].map(({ activeByHour }) => activeByHour)[0] ?? [];
    expect([hours[1], hours[2], hours[3]]).toEqual([one, two, three]);
  });

  test("is all there, wherever it is cut", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns"),
        fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2026-12-31") }),
        fc.integer({ min: 1, max: 2 * DAY }),
        (zone, from, length) => {
          const book = span(from, from + length, zone);
          const total = [...book.values()].flatMap(({ activeByHour }) => activeByHour).reduce((sum, ms) => sum + ms, 0);
          expect(total).toBe(length);
          const touched = daysOf(from, from + length, localClock(zone));
          for (const day of book.keys()) expect(touched).toContain(day);
        },
      ),
    );
  });
});

test.each([
  ["www.youtube.com", "video"],
  ["mail.google.com", "mail"],
  ["www.google.com", "search"],
  ["de.wikipedia.org", "learning"],
  ["notyoutube.com", "unsorted"],
  ["", "unsorted"],
])("the host %j is of the class %s", (host, hostClass) => {
  expect(hostClassOf(host)).toBe(hostClass);
});

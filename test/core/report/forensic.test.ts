import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DayCounter, dayOf, type OffsetAt } from "../../../src/core/report/days.ts";
import type { JournalEvent } from "../../../src/core/report/journal.ts";
import { journalEvents, tally, verdict } from "./events.ts";
import { reportOf } from "./journalled.ts";

const FRAME = { since: 0, until: 1_000, generatedAt: 1_001, version: "0.1.0", timeZone: "UTC" };
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
const report = (...events: JournalEvent[]) => reportOf(events, FRAME);

describe("a report", () => {
  it("says what it is", async () => {
    expect(await report()).toMatchObject({ format: "wardlight-report", formatVersion: 2, ...FRAME });
  });

  it("is complete when nothing happened", async () => {
    expect((await report()).events).toEqual([]);
    expect((await report()).summary).toEqual({
      judged: 0,
      acted: 0,
      actions: { allow: 0, warn: 0, hold: 0, blur: 0, hide: 0, block: 0 },
      subjects: { text: 0, image: 0, url: 0 },
      categories: {},
      sites: [],
      failures: {},
    });
  });

  it("counts only events of the period, its ends included, and carries those of whole entries as they were recorded", async () => {
    const times = [1_001, 1_000, 500, 0, -1].map((at) => verdict({ id: `v${at}`, at }));
    const { events, summary, days } = await report(...times);
    expect(events).toEqual(times);
    expect(summary.judged).toBe(3);
    expect(days).toEqual([{ day: "1970-01-01", judged: 3, acted: 3, categories: { sexual: 3 } }]);
  });

  it("counts actions, categories, subjects and failures", async () => {
    const failure = { code: "resource", message: "gone" } as const;
    const { summary } = await report(
      verdict({ id: "a", action: "blur", category: "sexual", subject: "image" }),
      verdict({ id: "b", action: "hide", category: "unknown", subject: "image", failure }),
      verdict({ id: "c", action: "block", category: "adult", subject: "url" }),
      tally({ id: "d", allowed: 40, subject: "text" }),
    );
    expect(summary).toMatchObject({
      judged: 43,
      acted: 3,
      actions: { allow: 40, warn: 0, blur: 1, hide: 1, block: 1 },
      subjects: { text: 40, image: 2, url: 1 },
      categories: { sexual: 1, unknown: 1, adult: 1 },
      failures: { resource: 1 },
    });
  });

  it("puts the ten sites with the most actions first", async () => {
    const quiet = Array.from({ length: 12 }, (_, i) => tally({ id: `t${i}`, site: `quiet-${i}.example`, allowed: 99 }));
    const { sites } = (await report(...quiet, verdict({ site: "loud.example", action: "blur" }))).summary;
    expect(sites).toHaveLength(10);
    expect(sites[0]).toEqual({ site: "loud.example", judged: 1, acted: 1 });
  });

  it("counts a site by any name, also one that means something to JavaScript", async () => {
    expect((await report(verdict({ site: "__proto__" }))).summary.sites).toEqual([
      { site: "__proto__", judged: 1, acted: 1 },
    ]);
  });

  it("names every model once", async () => {
    const events = [["b@1", "a@1"], ["a@1"], []].map((models, i) => verdict({ id: `m${i}`, models }));
    expect((await report(...events)).models).toEqual(["a@1", "b@1"]);
  });

  it("adds up, whatever was recorded, and does not mind the order", async () => {
    await fc.assert(
      fc.asyncProperty(journalEvents, async (events) => {
        const { summary, ...rest } = await reportOf(events, { ...FRAME, until: Number.MAX_SAFE_INTEGER });
        expect(sum(summary.actions)).toBe(summary.judged);
        expect(sum(summary.subjects)).toBe(summary.judged);
        expect(summary.judged - summary.actions.allow).toBe(summary.acted);
        expect(sum(summary.categories)).toBe(rest.events.filter(({ kind }) => kind === "verdict").length);
        expect(rest.days.reduce((all, { judged }) => all + judged, 0)).toBe(summary.judged);
        const reversed = await reportOf(events.toReversed(), { ...FRAME, until: Number.MAX_SAFE_INTEGER });
        expect([reversed.summary, reversed.models, reversed.days.map(({ day, judged }) => [day, judged])]).toEqual([
          summary,
          rest.models,
          rest.days.map(({ day, judged }) => [day, judged]),
        ]);
      }),
    );
  });
});

describe("days", () => {
  const zones: OffsetAt[] = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"].map(
    (zone) => {
      const wall = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "longOffset" });
      return (at) => {
        const name = wall.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
        const [, sign = "+", hours = "0", minutes = "0"] = /GMT([+-])(\d+):?(\d+)?/.exec(name) ?? [];
        return (sign === "-" ? -1 : 1) * (60 * Number(hours) + Number(minutes));
      };
    },
  );
  const moments = fc.oneof(
    fc.integer({ min: 1_700_000_000_000, max: 1_760_000_000_000 }),
    // About the quarters of the day on which clocks change in Berlin.
    fc
      .tuple(fc.integer({ min: 0, max: 96 }), fc.integer({ min: -1, max: 1 }))
      .map(([quarter, ms]) => 1_711_843_200_000 + 900_000 * quarter + ms),
    fc.constantFrom(-1, 0, Number.MAX_SAFE_INTEGER),
  );

  it("are those of each event by itself, however close they lie and wherever the clock stands", () => {
    fc.assert(
      fc.property(fc.array(moments, { minLength: 40, maxLength: 80 }), fc.constantFrom(...zones), (given, offsetAt) => {
        const times = given.toSorted((a, b) => a - b);
        const counter = new DayCounter(offsetAt);
        for (const at of times) counter.add(tally({ at, allowed: 1 }));
        const counted = new Map(counter.result().map(({ day, judged }) => [day, judged]));
        const alone = new Map<string, number>();
        for (const at of times) alone.set(dayOf(at, offsetAt), (alone.get(dayOf(at, offsetAt)) ?? 0) + 1);
        expect(counted).toEqual(alone);
      }),
    );
  });
});

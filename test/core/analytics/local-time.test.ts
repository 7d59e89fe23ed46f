import { describe, expect, test } from "vitest";
import { localClock, weekdayOf } from "../../../src/core/analytics/local-time.ts";

const DAY = 86_400_000;
const dayOf = (date: string) => Date.parse(`${date}T00:00Z`) / DAY;

describe("the local clock", () => {
  test.each([
    ["UTC", "2026-11-21T18:04:59Z", "2026-11-21", 18 * 60 + 4],
    ["Europe/Berlin", "2026-11-21T23:30:00Z", "2026-11-22", 30],
    ["America/Los_Angeles", "2026-01-01T07:59:00Z", "2025-12-31", 23 * 60 + 59],
    ["Asia/Kolkata", "2026-06-01T18:30:00Z", "2026-06-02", 0],
    ["Asia/Kathmandu", "2026-06-01T18:15:00Z", "2026-06-02", 0],
    ["Pacific/Chatham", "2026-06-30T11:15:00Z", "2026-07-01", 0],
    // The hour that does not exist, and the one that comes twice.
    ["Europe/Berlin", "2026-03-29T00:59:00Z", "2026-03-29", 119],
    ["Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29", 180],
    ["Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25", 150],
    ["Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25", 150],
    // Midnight itself is skipped here.
    ["America/Santiago", "2026-09-06T04:00:00Z", "2026-09-06", 60],
  ])("in %s shows at %s the %s, minute %i", (zone, at, date, minute) => {
    expect(localClock(zone)(Date.parse(at))).toEqual({ day: dayOf(date), minute });
  });

  test("agrees with the browser's own over a year of quarters, in every kind of zone", () => {
    for (const timeZone of ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]) {
      const clock = localClock(timeZone);
      const own = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "short" });
      for (let at = Date.parse("2026-01-01T00:07Z"); at < Date.parse("2027-01-01"); at += 35 * 900_000) {
        const { day, minute } = clock(at);
        const date = new Date(day * DAY + minute * 60_000);
        expect(own.format(at)).toBe(
          new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", dateStyle: "short", timeStyle: "short" }).format(date),
        );
      }
    }
  });

  test("knows weekdays", () => {
    expect(weekdayOf(0)).toBe(4);
    expect(weekdayOf(dayOf("2026-11-21"))).toBe(6);
    expect(weekdayOf(-5)).toBe(6);
  });

  test("refuses a zone that is none", () => {
    expect(() => localClock("Mars/Olympus")).toThrow(RangeError);
  });
});

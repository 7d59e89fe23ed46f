import { describe, expect, test } from "vitest";
import { peakDayOf, peakHourOf } from "../../../src/core/analytics/peaks.ts";
import { seeded } from "../../../src/core/random.ts";
import { attempt, FIRST, historyWith } from "./lives.ts";

const each = (days: number, hours: (day: number) => readonly number[]) =>
  historyWith(days, Array.from({ length: days }, (_, day) => hours(day).map((hour) => attempt(day, hour))).flat());

describe("the peak hour", () => {
  test.each([9.2, 22.5, 0.1, 23.9])("is found at %d o'clock, also around midnight", (hour) => {
    const random = seeded(1);
    const history = each(30, () => [(hour + 1.2 * (random() - 0.5) + 24) % 24]);
    const peak = peakHourOf(history, FIRST, seeded(2));
    const distance = Math.abs((peak?.hour ?? 99) - hour);
    expect(Math.min(distance, 24 - distance)).toBeLessThan(0.6);
    expect(peak?.within).toBeLessThan(1);
    expect(peak?.p).toBeLessThan(0.01);
  });

  test("is none where attempts come at any hour, or there are few", () => {
    const random = seeded(3);
    expect(
      peakHourOf(
        each(60, () => [24 * random()]),
        FIRST,
        seeded(4),
      ),
    ).toBeNull();
    expect(
      peakHourOf(
        each(10, () => [22]),
        FIRST,
        seeded(4),
      ),
    ).toBeNull();
  });

  test("one long night does not make one", () => {
    const night = historyWith(
      60,
      Array.from({ length: 20 }, (_, i) => attempt(7, 18 + ((i * 0.51) % 5))),
    );
    expect(peakHourOf(night, FIRST, seeded(5))).toBeNull();
  });

  test("is the same for the same chance", () => {
    const history = each(40, (day) => [20 + (day % 3)]);
    expect(peakHourOf(history, FIRST, seeded(6))).toEqual(peakHourOf(history, FIRST, seeded(6)));
  });
});

describe("the peak day", () => {
  test("is the weekday that stands out", () => {
    const history = each(56, (day) => ((FIRST + day + 4) % 7 === 6 ? [12, 15, 22] : day % 9 === 0 ? [12] : []));
    expect(peakDayOf(history, FIRST, seeded(1))).toMatchObject({ weekday: 6 });
  });

  test("is none where none does", () => {
    const random = seeded(9);
    expect(
      peakDayOf(
        each(70, () => (random() < 0.5 ? [12] : [])),
        FIRST,
        seeded(1),
      ),
    ).toBeNull();
  });
});

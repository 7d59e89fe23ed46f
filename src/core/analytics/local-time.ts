import type { Moment } from "../types.ts";

/** What a clock on the wall and a calendar beside it show. */
export interface LocalTime {
  /** The local date as days since 1970-01-01. */
  readonly day: number;
  /** Minutes since local midnight by the wall clock, 0 to 1,439. */
  readonly minute: number;
}
export type LocalClock = (at: Moment) => LocalTime;

export const MINUTES_A_DAY = 1_440;
const QUARTER_MS = 900_000;
const MAX_REMEMBERED = 40_000;

/**
 * The wall clock of a time zone (IANA name), daylight saving included. Offsets change on whole quarters of an hour, so
 * each quarter is asked about once. @throws RangeError where the zone is unknown
 */
export function localClock(timeZone: string): LocalClock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const offsets = new Map<number, number>();
  return (at) => {
    const quarter = Math.floor(at / QUARTER_MS);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      if (offsets.size >= MAX_REMEMBERED) offsets.clear();
      offset = wallMinutes(format, quarter * QUARTER_MS) - quarter * 15;
      offsets.set(quarter, offset);
    }
    const minutes = Math.floor(at / 60_000) + offset;
    const day = Math.floor(minutes / MINUTES_A_DAY);
    return { day, minute: minutes - day * MINUTES_A_DAY };
  };
}

/** Minutes since 1970-01-01 00:00 as the wall clock counts them. */
function wallMinutes(format: Intl.DateTimeFormat, at: Moment): number {
  const part = (type: string, parts: readonly Intl.DateTimeFormatPart[]) =>
    Number(parts.find((one) => one.type === type)?.value);
  const parts = format.formatToParts(at);
  const [year, month, day] = [part("year", parts), part("month", parts), part("day", parts)];
  return Date.UTC(year, month - 1, day, part("hour", parts), part("minute", parts)) / 60_000;
}

/** 0 is Sunday, as in `Date`. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

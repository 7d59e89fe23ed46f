import { locale } from "../../browser.ts";

const language = locale();
const DAY_MS = 86_400_000;
const dates = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", timeZone: "UTC" });
const short = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat(language, { timeStyle: "short", timeZone: "UTC" });
const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

/** A local date, given as days since 1970-01-01. */
export const dateOf = (day: number): string => dates.format(day * DAY_MS);
export const shortDate = (day: number): string => short.format(day * DAY_MS);
export const oneDigit = (value: number): string => number.format(value);

/** A time of day, to the quarter of an hour. */
export function timeAt(hour: number): string {
  return clock.format(Math.round(hour * 4) * 900_000);
}

/** 0 is Sunday. */
export function weekday(day: number, form: "long" | "short"): string {
  return new Intl.DateTimeFormat(language, { weekday: form, timeZone: "UTC" }).format((day + 3) * DAY_MS);
}

/** Hours and minutes; less than a minute counts as none. */
export function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const unit = (value: number, name: "hour" | "minute") =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  if (minutes < 60) return unit(minutes, "minute");
  const rest = minutes < 600 && minutes % 60 > 0 ? ` ${unit(minutes % 60, "minute")}` : "";
  return unit(Math.floor(minutes / 60), "hour") + rest;
}

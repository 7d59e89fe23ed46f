import type { Moment } from "../../core/types.ts";
import { locale, type MessageKey, t } from "../browser.ts";

const language = locale();
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const two = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const hour = new Intl.DateTimeFormat(language, { timeStyle: "short" });
const hourAndDay = new Intl.DateTimeFormat(language, { weekday: "long", hour: "numeric", minute: "2-digit" });
const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const date = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
const plurals = new Intl.PluralRules(t("language"));

export const count = (value: number): string => whole.format(value);
export const score = (value: number): string => two.format(value);
export const timeOfDay = (at: Moment): string => clock.format(at);
export const exactTime = (at: Moment): string => full.format(at);

/** A duration in milliseconds, with its unit. */
export const milliseconds = (ms: number): string => `${ms > 0 && ms < 1 ? "<\u202F1" : whole.format(ms)}\u202Fms`;

/** A duration of any length, in seconds with two digits. */
export const seconds = (ms: number): string =>
  new Intl.NumberFormat(language, { style: "unit", unit: "second", maximumSignificantDigits: 2 }).format(ms / 1_000);

/** A file's size in megabytes, or kilobytes where it is small. */
export function fileSize(bytes: number): string {
  const [value, unit] = bytes < 100_000 ? [bytes / 1_000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumSignificantDigits: 3 }).format(value);
}

/** A moment that may lie within the next day: the hour alone while it is today. */
export function soon(at: Moment, now: Moment): string {
  return dayKey(at) === dayKey(now) ? hour.format(at) : hourAndDay.format(at);
}

/** A value of evidence: a number as the reader writes numbers, anything else stands for itself. */
export function measured(text: string): string {
  const decimals = /^-?\d+(?:\.(\d{1,6}))?$/.exec(text);
  if (!decimals) return text;
  const digits = decimals[1]?.length ?? 0;
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false };
  return new Intl.NumberFormat(language, format).format(Number(text));
}

/** An ISO date as the reader writes dates; anything else stands for itself. */
export function isoDate(text: string): string {
  const at = Date.parse(text);
  return Number.isNaN(at) ? text : date.format(at);
}

/** Equal for two moments of the same local day. */
export function dayKey(at: Moment): string {
  return new Date(at).toDateString();
}

export function dayName(at: Moment, now: Moment): string {
  if (dayKey(at) === dayKey(now)) return t("journal_today");
  return dayKey(at) === dayKey(startOfDay(now) - 1) ? t("journal_yesterday") : day.format(at);
}

/** Local midnight. */
export function startOfDay(at: Moment): Moment {
  return new Date(at).setHours(0, 0, 0, 0);
}

type PluralKey = { [K in MessageKey]: K extends `${infer Base}_other` ? Base : never }[MessageKey];

/** The singular or plural sentence; the number is `$1`. */
export function plural(key: PluralKey, value: number, ...rest: readonly string[]): string {
  const form = plurals.select(value) === "one" ? "one" : "other";
  return t(`${key}_${form}`, count(value), ...rest);
}

/** A very small number, such as 4.5E-8. */
export function scientific(value: number): string {
  return new Intl.NumberFormat(locale(), { notation: "scientific", maximumSignificantDigits: 2 }).format(value);
}

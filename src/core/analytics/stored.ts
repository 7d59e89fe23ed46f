import { WardlightError } from "../errors.ts";
import { CATEGORIES } from "../types.ts";
import type { DayTally, Encounter, Stretch } from "./day.ts";
import { HOST_CLASSES } from "./host-class.ts";
import { HELPS, type Help } from "./intervention.ts";
import { isWords } from "./wishes.ts";

const MAX_DAYS = 20_000;
const MAX_HELPS = 100_000;
/** Of a day: nothing within half an hour of another. */
const MAX_STRETCHES = 50;
const ANSWERS: readonly unknown[] = ["open", "used", "dismissed", "continued"] satisfies Help["answer"][];

/** Reads rows from outside, each in the bounds of what the guard itself writes. @throws WardlightError `validation` */
export function parseDays(value: unknown): DayTally[] {
  const isSound = isListOf(value, MAX_DAYS, isDay);
  if (!isSound) throw new WardlightError("validation", "A day of the analytics is damaged.");
  return value as DayTally[];
}

/** Reads the help that was offered. @throws WardlightError `validation` */
export function parseHelps(value: unknown): Help[] {
  if (!isListOf(value, MAX_HELPS, isHelp)) throw new WardlightError("validation", "A record of help is damaged.");
  return value as Help[];
}

function isDay(value: unknown): boolean {
  const { day, judged, acted, categories, classes, ...rest } = (value ?? {}) as Partial<
    Record<keyof DayTally, unknown>
  >;
  const { actedByHour, activeByHour, activeByClass, encounters, sessions } = rest;
  return (
    Number.isInteger(day) &&
    [judged, acted].every(isAmount) &&
    isCounts(categories, CATEGORIES) &&
    [classes, activeByClass].every((counts) => isCounts(counts, HOST_CLASSES)) &&
    [actedByHour, activeByHour].every((hours) => isListOf(hours, 24, isAmount) && (hours as unknown[]).length === 24) &&
    isListOf(encounters, MAX_STRETCHES, isEncounter) &&
    isListOf(sessions, MAX_STRETCHES, isStretch)
  );
}

function isStretch(value: unknown): boolean {
  const { at, until } = (value ?? {}) as Partial<Record<keyof Stretch, unknown>>;
  return Number.isFinite(at) && Number.isFinite(until) && (at as number) <= (until as number);
}

function isEncounter(value: unknown): boolean {
  const { minute, signs, severity, hasAddress, wasContinued } = (value ?? {}) as Partial<
    Record<keyof Encounter, unknown>
  >;
  const isMinute = isAmount(minute) && (minute as number) < 1_440;
  const isShare = isAmount(severity) && (severity as number) <= 1;
  const areFlags = [hasAddress, wasContinued].every((flag) => typeof flag === "boolean");
  return isStretch(value) && isMinute && isShare && isAmount(signs) && areFlags;
}

function isHelp(value: unknown): boolean {
  const { id, at, kind, answer, words } = (value ?? {}) as Partial<Record<keyof Help, unknown>>;
  const isNamed = typeof id === "string" && id.length <= 100 && Number.isFinite(at);
  const isKnown = HELPS.some((one) => one === kind) && ANSWERS.includes(answer);
  return isNamed && isKnown && (words === undefined || isWords(words));
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isCounts(value: unknown, keys: readonly string[]): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([key, count]) => keys.includes(key) && isAmount(count));
}

function isListOf(value: unknown, most: number, isSound: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= most && value.every(isSound);
}

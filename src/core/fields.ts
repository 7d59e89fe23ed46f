import { WardlightError } from "./errors.ts";

/**
 * Readers of what comes from outside, one field at a time. Each throws a WardlightError `validation` that names the field
 * and what it must be.
 */
export type Fields = Readonly<Record<string, unknown>>;

/** An object without any field that is not known. */
export function fields(value: unknown, name: string, known: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(name, "an object");
  const odd = Object.keys(value).find((key) => !known.includes(key));
  if (odd !== undefined) throw invalid(name, `without "${odd.slice(0, 50)}", which is no field that is known here`);
  return value as Fields;
}

/** A list of `least` to `most` entries. */
export function list(value: unknown, name: string, least: number, most: number): readonly unknown[] {
  if (Array.isArray(value) && value.length >= least && value.length <= most) return value;
  throw invalid(name, least === most ? `a list of ${least}` : `a list of ${least} to ${most}`);
}

/** Shown to people: not empty, without control or invisible formatting characters but line breaks and tabs. */
export function text(value: unknown, name: string, most: number): string {
  const isSound = typeof value === "string" && value.trim() !== "" && value.length <= most;
  if (isSound && !/[\p{Cc}\p{Cf}]/u.test(value.replace(/[\n\t]/g, ""))) return value;
  throw invalid(name, `a text of at most ${most} characters, without control characters`);
}

/** A text that a pattern fits; `wanted` says it in words. */
export function matching(value: unknown, name: string, pattern: RegExp, wanted: string): string {
  if (typeof value === "string" && pattern.test(value)) return value;
  throw invalid(name, wanted);
}

/** Texts of at most 50 characters, none twice. */
export function names(value: unknown, name: string, least: number, most: number): string[] {
  const found = list(value, name, least, most).map((one, i) => text(one, `${name}[${i}]`, 50));
  if (new Set(found).size < found.length) throw invalid(name, "a list in which nothing stands twice");
  return found;
}

/** A finite number between two others, both included. */
export function number(value: unknown, name: string, least: number, most: number): number {
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw invalid(name, `a number from ${least} to ${most}`);
}

/** A list of numbers within a million. */
export function numbers(value: unknown, name: string, least: number, most: number): number[] {
  return list(value, name, least, most).map((one, i) => number(one, `${name}[${i}]`, -1e6, 1e6));
}

/** A side of a network's input: a whole number of pixels, 16 to 1024. */
export function side(value: unknown, name: string): number {
  const pixels = number(value, name, 16, 1_024);
  if (!Number.isInteger(pixels)) throw invalid(name, "a whole number from 16 to 1024");
  return pixels;
}

/** One of the values that are known. */
export function oneOf<T extends string>(value: unknown, name: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw invalid(name, `one of ${known.join(", ")}`);
  return found;
}

/** What to throw: says which field is wrong and what it must be. */
export function invalid(field: string, wanted: string): WardlightError {
  return new WardlightError("validation", `The model pack is not valid: "${field}" must be ${wanted}.`);
}

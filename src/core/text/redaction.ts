import type { Span } from "./normalise.ts";

/** What is to be taken out of a text: a stretch and its type. Stretches do not overlap. */
export interface Stretch extends Span {
  readonly type: string;
}

/** Placeholder to the words it stands for. It lives in memory alone. */
export type Mapping = ReadonlyMap<string, string>;

export interface Redacted {
  readonly text: string;
  readonly mapping: Mapping;
}

/** Shorter names than the types have, for readers and assistants. */
const NAMES: Readonly<Record<string, string>> = {
  CREDIT_CARD: "CARD",
  IBAN_CODE: "IBAN",
  US_SSN: "SSN",
  EMAIL_ADDRESS: "EMAIL",
  PHONE_NUMBER: "PHONE",
  STREET_ADDRESS: "ADDRESS",
  US_DRIVER_LICENSE: "LICENSE",
  DRIVER_LICENSE: "LICENSE",
  IP_ADDRESS: "IP",
  ZIP_CODE: "ZIP",
};

const PLACEHOLDER = /\[[A-Z][A-Z_]{0,40}_\d{1,6}\]/g;

/**
 * Puts `[EMAIL_1]`, `[PERSON_2]` in the place of each stretch: the same words of the same type get the same placeholder,
 * also in later texts of the conversation, where `known` is what the earlier ones led to. A placeholder that the text
 * has already is not given out again.
 */
export function redact(text: string, stretches: readonly Stretch[], known: Mapping = new Map()): Redacted {
  const mapping = new Map(known);
  const given = new Map(Array.from(known, ([placeholder, words]) => [keyOf(placeholder, words), placeholder]));
  const taken = new Set([...known.keys(), ...(text.match(PLACEHOLDER) ?? [])]);
  const last = new Map<string, number>();
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, type } of stretches.toSorted((a, b) => a.start - b.start)) {
    if (start < at || end <= start) continue;
    const words = text.slice(start, end);
    const name = NAMES[type] ?? type;
    const placeholder = given.get(keyOf(`[${name}_0]`, words)) ?? nextOf(name, taken, last);
    given.set(keyOf(placeholder, words), placeholder);
    mapping.set(placeholder, words);
    pieces.push(text.slice(at, start), placeholder);
    at = end;
  }
  return { text: pieces.join("") + text.slice(at), mapping };
}

/** Puts the words back; a placeholder that stands for nothing stays. What comes out is not looked at again. */
export function restore(text: string, mapping: Mapping): string {
  return text.replace(PLACEHOLDER, (placeholder) => mapping.get(placeholder) ?? placeholder);
}

function keyOf(placeholder: string, words: string): string {
  return `${placeholder.slice(0, placeholder.lastIndexOf("_"))} ${words}`;
}

function nextOf(name: string, taken: ReadonlySet<string>, last: Map<string, number>): string {
  let number = (last.get(name) ?? 0) + 1;
  while (taken.has(`[${name}_${number}]`)) number++;
  last.set(name, number);
  return `[${name}_${number}]`;
}

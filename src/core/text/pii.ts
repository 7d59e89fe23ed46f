import { parse } from "tldts";
import type { Detector, TextSubject } from "../types.ts";
import {
  ibanLength,
  isBech32,
  isCodiceFiscale,
  isDni,
  isFrenchTaxNumber,
  isIcao,
  isIpv4,
  isIpv6,
  isLuhn,
  isNhs,
  isNir,
  isPublicIpv4,
  isSsn,
  isSteuerId,
} from "./check-digits.ts";
import { type Check, type Entity, type Finder, findEntities, readFinders, withoutOverlaps } from "./finder.ts";
import { findNames } from "./gazetteer.ts";
import { isInternationalPhone, isNationalPhone, mayBePhone } from "./phones.ts";
import table from "./pii.json" with { type: "json" };
import { PII_TYPES } from "./pii-types.ts";

const ID = "text/pii";

const all = (isSound: (found: string) => boolean): Check => {
  return (found) => (isSound(found) ? found.length : 0);
};

/** Nobody's own: version control's user, and senders that take no answer. */
const NOBODY = /^(?:git|hg|svn|no-?reply|do-?not-?reply|mailer-daemon)@/;

function isEmail(text: string): boolean {
  const { isIcann, domain } = parse(text.slice(text.indexOf("@") + 1), { validateHostname: false });
  const isShaped = !/\.\.|\.@|@[.-]|--/.test(text);
  return isShaped && isIcann === true && domain !== null && !NOBODY.test(text);
}

/** "john [at] example (dot) com" as it was meant. */
function isSpelledEmail(text: string): boolean {
  const plain = text.replace(/ ?[[({] ?(?:dot|punkt|point|punto|\.) ?[\])}] ?/g, ".");
  return isEmail(plain.replace(/ ?[[({] ?(?:at|@) ?[\])}] ?/g, "@"));
}

/** What no calendar has is a fraction, a version or a part number. */
function isDate(text: string): boolean {
  const [date = ""] = text.split(/[t ,]/, 1);
  const [a = 1, b = 1, c = 1] = date.split(/[-./]/).map(Number);
  if (/[a-z]/.test(text.slice(0, 12).replace(/t/g, ""))) return true;
  if (/^\d{4}-/.test(date)) return a >= 1000 && a < 2200 && b >= 1 && b <= 12 && c >= 1 && c <= 31;
  return Math.min(a, b) >= 1 && Math.min(a, b) <= 12 && Math.max(a, b) <= 31;
}

/** Four small numbers are a version rather than an address, unless somebody says so. */
const ipv4: Check = (found, isNear) => {
  const isVersion = found.split(".").every((part) => Number(part) < 64) || /(?:^|\.)0\d/.test(found);
  return isIpv4(found) && (isNear || (!isVersion && isPublicIpv4(found))) ? found.length : 0;
};

function isCoordinates(text: string): boolean {
  const [latitude = 91, longitude = 181] = text.split(",").map(Number);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}

const CHECKS: Readonly<Record<string, Check>> = {
  luhn: all(isLuhn),
  iban: ibanLength,
  ssn: all(isSsn),
  dni: all(isDni),
  codiceFiscale: all(isCodiceFiscale),
  nir: all(isNir),
  icao: all(isIcao),
  nhs: all(isNhs),
  steuerId: all(isSteuerId),
  frenchTax: all(isFrenchTaxNumber),
  bech32: all(isBech32),
  hasDigits: all((found) => /\d.*\d.*\d/.test(found)),
  email: all(isEmail),
  spelledEmail: all(isSpelledEmail),
  phone: (found, isNear) => (isInternationalPhone(found, isNear) ? found.length : 0),
  phoneUs: (found, isNear) =>
    isNationalPhone(found, ["US"]) || (isNear && mayBePhone(found, "US")) ? found.length : 0,
  phoneFr: all((found) => isNationalPhone(found, ["FR"])),
  phoneHome: all((found) => isNationalPhone(found)),
  date: all(isDate),
  age: all((found) => Number(found) > 0 && Number(found) <= 120),
  ipv4,
  ipv6: all(isIpv6),
  coordinates: all(isCoordinates),
};

let compiled: readonly Finder[] | undefined;

/** Compiled with the first text: who never writes to an AI does not wait for it. */
function finders(): readonly Finder[] {
  compiled ??= readFinders(table, CHECKS);
  return compiled;
}

/** Every piece of personal data in a text, in its order, none within another. */
export function findPii(text: string): Entity[] {
  return withoutOverlaps([...findEntities(text, finders()), ...findNames(text)]);
}

/**
 * Personal data, by rules. Its score is that of the gravest piece, by type; every piece is a span named by its type.
 * Names of people and organisations are found only where a rule or a list can know them.
 */
export function piiDetector(): Detector<TextSubject> {
  return {
    id: ID,
    kind: "text",
    categories: ["pii"],
    async detect(subjects, signal) {
      return subjects.map(({ text }) => {
        signal.throwIfAborted();
        const entities = findPii(text);
        if (entities.length === 0) return [];
        const weighed = entities.map(({ type, score }) => score * (PII_TYPES[type] ?? 0));
        const score = Math.max(...weighed);
        const isCertain = entities.some(({ isCertain, type }) => isCertain && PII_TYPES[type] === 1);
        const evidence = entities.map(({ type, start, end, score: each }) => ({
          kind: "span" as const,
          start,
          end,
          rule: type,
          score: each,
        }));
        return [{ category: "pii" as const, score, detector: ID, ...(isCertain ? { isCertain } : {}), evidence }];
      });
    },
  };
}

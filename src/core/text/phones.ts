import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/min";

/** Whose way of writing numbers without a country code is understood; each is asked in turn. */
const HOME: readonly CountryCode[] = ["US", "GB", "DE", "AT", "CH", "FR", "BE", "ES", "IT", "NL"];

/** `+` and a country code, and a number that exists in that country's plan; its length alone, where a word says "phone". */
export function isInternationalPhone(text: string, isNear: boolean): boolean {
  const number = parsePhoneNumberFromString(text);
  return number !== undefined && (isNear ? number.isPossible() : number.isValid());
}

/** Written as at home: valid in one of these countries. */
export function isNationalPhone(text: string, countries: readonly CountryCode[] = HOME): boolean {
  return countries.some((country) => parsePhoneNumberFromString(text, country)?.isValid());
}

/** Of the right length for a country, whether given out or not (555-…). */
export function mayBePhone(text: string, country: CountryCode): boolean {
  return parsePhoneNumberFromString(text, country)?.isPossible() ?? false;
}

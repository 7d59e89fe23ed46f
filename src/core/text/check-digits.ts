/**
 * Check digits and forms of numbers that stand for a person, an account or a card. Each takes what was written, with
 * spaces and dashes; letters in either case.
 */

/** Digits and letters alone, in upper case. */
export function bare(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, "");
}

function digitsOf(text: string): number[] {
  return Array.from(text.replace(/\D/g, ""), Number);
}

/** ISO/IEC 7812-1, annex B (Luhn, 1960). */
export function isLuhn(text: string): boolean {
  const digits = digitsOf(text).reverse();
  const sum = digits.reduce(
    (total, digit, i) => total + (i % 2 === 0 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9),
    0,
  );
  return digits.length > 1 && sum % 10 === 0;
}

/** What follows the check digits, by country (SWIFT IBAN registry): n digits, a letters, c either. */
const IBAN_FORMS: Readonly<Record<string, RegExp>> = Object.fromEntries(
  (
    "AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c CZ20n " +
    "DE18n DK14n DO4c20n EE16n EG25n ES20n FI14n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT24c HR17n " +
    "HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c " +
    "LV4a13c MC10n11c2n MD20c ME18n MK3n10c2n MR23n MT4a5n18c MU4a19n3a NL4a10n NO11n PK4a16c PL24n PS4a21c PT21n " +
    "QA4a21c RO4a16c RS18n SA2n18c SC4a20n3a SE20n SI15n SK20n SM1a10n12c ST21n SV4a20n TL19n TN20n TR6n16c UA6n19c " +
    "VA18n VG4a16n XK16n"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), formOf(entry.slice(2))]),
);

function formOf(parts: string): RegExp {
  const classes: Readonly<Record<string, string>> = { n: "[0-9]", a: "[A-Z]", c: "[A-Z0-9]" };
  const source = parts.replace(/(\d{1,2})([nac])/g, (_, count: string, kind: string) => `${classes[kind]}{${count}}`);
  return new RegExp(`^[A-Z]{2}[0-9]{2}${source}`);
}

/** How many characters of a text, from its start, are an IBAN (ISO 13616: the country's form, mod 97 is 1); 0 for none. */
export function ibanLength(text: string): number {
  const written = bare(text);
  const [iban = ""] = IBAN_FORMS[written.slice(0, 2)]?.exec(written) ?? [];
  return iban !== "" && mod97(iban.slice(4) + iban.slice(0, 4)) === 1 ? lengthOf(text, iban.length) : 0;
}

/** Where so many letters and digits end; 0 where there are fewer. */
function lengthOf(text: string, count: number): number {
  let left = count;
  for (let at = 0; at < text.length; at++) if (/[a-z0-9]/i.test(text.charAt(at)) && --left === 0) return at + 1;
  return 0;
}

/** Letters count as 10 to 35 (ISO 7064). */
function mod97(text: string): number {
  let rest = 0;
  for (const char of text) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** A number that the Social Security Administration can have given out, its specimens left out. */
export function isSsn(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  const [area, group, serial] = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)];
  const isGiven = area !== "000" && area !== "666" && area < "900" && group !== "00" && serial !== "0000";
  return digits.length === 9 && isGiven && !["078051120", "219099999", "111111111"].includes(digits);
}

const DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

/** Spain: DNI, and NIE with X, Y or Z before it. */
export function isDni(text: string): boolean {
  const [, first = "", digits = "", letter] = /^([XYZ]?)(\d{7,8})([A-Z])$/.exec(bare(text)) ?? [];
  if (first.length + digits.length !== 8) return false;
  return DNI_LETTERS[Number(`${first && "XYZ".indexOf(first)}${digits}`) % 23] === letter;
}

/** Italy: codice fiscale, by its last letter. */
export function isCodiceFiscale(text: string): boolean {
  const code = bare(text);
  if (!/^[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/.test(code)) return false;
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
  const sum = Array.from(code.slice(0, 15), (char, i) => {
    const value = /\d/.test(char) ? Number(char) : char.charCodeAt(0) - 65;
    return i % 2 === 0 ? (odd[value] ?? 0) : value;
  }).reduce((total, value) => total + value, 0);
  return code.charCodeAt(15) - 65 === sum % 26;
}

/** France: numéro de sécurité sociale (NIR), key 97 − n mod 97; Corsica's departments count as 19 and 18. */
export function isNir(text: string): boolean {
  const code = bare(text);
  if (!/^[12]\d{2}(?:0[1-9]|1[0-2]|[2-4]\d)(?:\d{2}|2[AB])\d{8}$/.test(code)) return false;
  const number = code.slice(0, 13).replace("2A", "19").replace("2B", "18");
  return 97 - (Number(number) % 97) === Number(code.slice(13));
}

/** France: numéro fiscal (SPI), key n mod 511. */
export function isFrenchTaxNumber(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  return /^[0-3]\d{12}$/.test(digits) && Number(digits.slice(0, 10)) % 511 === Number(digits.slice(10));
}

/** Germany: Steuer-Identifikationsnummer (ISO 7064, MOD 11,10; of the first ten digits one stands twice or thrice). */
export function isSteuerId(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length !== 11 || digits[0] === 0) return false;
  const counts = digits.slice(0, 10).map((digit, _, all) => all.filter((other) => other === digit).length);
  if (Math.max(...counts) < 2 || Math.max(...counts) > 3) return false;
  let product = 10;
  for (const digit of digits.slice(0, 10)) product = (((digit + product) % 10 || 10) * 2) % 11;
  return (11 - product) % 10 === digits[10];
}

/** ICAO 9303: weights 7, 3, 1, letters from 10; the last digit checks the ones before it. German identity cards, passports. */
export function isIcao(text: string): boolean {
  const code = bare(text);
  if (code.length !== 10) return false;
  const sum = Array.from(code.slice(0, 9), (char, i) => Number.parseInt(char, 36) * ([7, 3, 1][i % 3] ?? 1));
  return sum.reduce((total, value) => total + value, 0) % 10 === Number(code[9]);
}

/** United Kingdom: NHS number (mod 11). */
export function isNhs(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length !== 10) return false;
  const sum = digits.slice(0, 9).reduce((total, digit, i) => total + digit * (10 - i), 0);
  return (11 - (sum % 11)) % 11 === digits[9];
}

const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/** BIP 173 and 350: a Bitcoin address that begins with `bc1`. */
export function isBech32(text: string): boolean {
  const [, data = ""] = /^bc1([a-z0-9]{11,71})$/.exec(text.toLowerCase()) ?? [];
  const values = Array.from(data, (char) => BECH32.indexOf(char));
  if (data === "" || values.includes(-1)) return false;
  const prefix = [3, 3, 0, 2, 3];
  const residue = [...prefix, ...values].reduce(polymod, 1);
  return residue === 1 || residue === 0x2bc830a3;
}

function polymod(sum: number, value: number): number {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  const top = sum >>> 25;
  const next = ((sum & 0x1ffffff) << 5) ^ value;
  return generators.reduce((all, generator, i) => ((top >>> i) & 1 ? all ^ generator : all), next);
}

/** Four numbers up to 255; not the unspecified, the broadcast and the netmasks. */
export function isIpv4(text: string): boolean {
  const parts = text.split(".").map(Number);
  return parts.length === 4 && parts.every((part) => part <= 255) && parts[0] !== 0 && parts[0] !== 255;
}

/** RFC 4291, without the ones that name nobody (`::`, `::1`). */
export function isIpv6(text: string): boolean {
  const halves = text.toLowerCase().split("::");
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const isSound = groups.every((group) => /^[0-9a-f]{1,4}$/.test(group)) && halves.length <= 2;
  if (!isSound || !/\d/.test(text)) return false;
  return halves.length === 2 ? groups.length >= 3 && groups.length <= 7 : groups.length === 8;
}

/** Private, loopback, link-local, shared or written in documents (RFC 1918, 3927, 5737, 6598): no person's. */
export function isPublicIpv4(text: string): boolean {
  return !/^(?:10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|192\.0\.2|198\.51\.100|203\.0\.113|2(?:2[4-9]|[34]\d)|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(
    text,
  );
}

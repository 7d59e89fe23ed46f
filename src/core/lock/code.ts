/** Crockford's base 32: digits and letters without I, L, O and U, which are mistaken for others. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** How long a code can be, in characters of five bits each. */
export const CODE_LENGTHS = [32, 64, 128] as const;
export type CodeLength = (typeof CODE_LENGTHS)[number];

/** A code in groups of four. @param random one byte a character, of which five bits are used */
export function codeOf(random: Uint8Array): string {
  const characters = Array.from(random, (byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return grouped(characters.join(""));
}

/** A code as it was made out of how somebody types it: case, spaces and the letters that are mistaken make no difference. */
export function readCode(typed: string): string {
  const plain = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return grouped(plain);
}

/** Whether a text can be a code at all. */
export function isCode(text: string): boolean {
  const characters = text.replaceAll("-", "");
  return (
    CODE_LENGTHS.some((length) => length === characters.length) &&
    [...characters].every((one) => ALPHABET.includes(one))
  );
}

function grouped(characters: string): string {
  return characters.replace(/.{4}(?=.)/g, "$&-");
}

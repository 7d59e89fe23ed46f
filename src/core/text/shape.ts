/** How many shapes there are. */
export const SHAPES = 7;

const LETTER = /\p{L}/gu;
const UPPER = /[\p{Lu}\p{Lt}]/u;
const DIGIT = /\p{Nd}/u;

/**
 * The case of a token as it stood in the text, which its lower-cased piece does not tell: 0 neither letter nor digit,
 * 1 lower (or without case), 2 Initial, 3 ALL CAPITALS (two at least), 4 mIxed, 5 digits alone, 6 letters and digits.
 * `workshop/encoder/reading.py` does the same.
 */
export function shapeOf(text: string): number {
  const letters = text.match(LETTER);
  if (DIGIT.test(text)) return letters ? 6 : 5;
  if (!letters) return 0;
  const isUpper = letters.map((letter) => UPPER.test(letter));
  if (!isUpper.includes(true)) return 1;
  if (isUpper.length > 1 && !isUpper.includes(false)) return 3;
  return isUpper.lastIndexOf(true) === 0 ? 2 : 4;
}

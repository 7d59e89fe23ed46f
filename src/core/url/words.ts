import patterns from "./patterns.json" with { type: "json" };
import tlds from "./tlds.json" with { type: "json" };

const abused: Readonly<Record<string, number>> = tlds.abused;
const bait: ReadonlySet<string> = new Set(patterns.bait);
const strong: readonly string[] = patterns.strongBait;
const LONGEST_BAIT = Math.max(...patterns.bait.map((word) => word.length));

/** How much a suffix is used for abuse beyond honest use, 0 to 1; `tlds.json` says how that was counted. */
export function abuseOf(suffix: string): number {
  return abused[suffix.slice(suffix.lastIndexOf(".") + 1)] ?? 0;
}

/** A word that phishing puts beside a name: login, konto, verifica. */
export function isBait(word: string): boolean {
  return bait.has(word);
}

/** Holds a word that honest names seldom put beside another's name. */
export function holdsStrongBait(text: string): boolean {
  return strong.some((word) => text.includes(word));
}

/** Nothing but words that bait, digits and hyphens, however they are strung together. */
export function isMadeOfBait(text: string): boolean {
  const letters = text.replace(/[\d_-]+/g, "");
  if (letters.length > 40) return false;
  const reachable = [true];
  for (let end = 1; end <= letters.length; end++) {
    reachable[end] = false;
    for (let start = Math.max(0, end - LONGEST_BAIT); start < end && !reachable[end]; start++) {
      reachable[end] = reachable[start] === true && bait.has(letters.slice(start, end));
    }
  }
  return reachable[letters.length] === true;
}

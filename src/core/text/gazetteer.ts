import type { Entity } from "./finder.ts";
import names from "./names.json" with { type: "json" };

const GIVEN = new Set<string>(names.given);
const PLACES = new Set<string>(names.places);
const GROUPS = new Set<string>(names.groups);
/** A capitalised word, and what joins it to the next one. */
const WORD = /(?<![\p{L}\p{N}_@.])\p{Lu}[\p{L}'’-]{0,24}(?![\p{L}\p{N}_]|\.\p{L}|\()/gu;
const MAX_WORDS = 4;
const PARTICLE = /^ (?:(?:von|van|de|da|di|del|della|der|den|la|le|al|el) ){0,3}$/;
/** Words that begin sentences and stand before no surname. */
const NO_SURNAME = /^(?:I|The|A|An|And|But|Or|In|On|At|Is|Was|Has|Had|Can|Will|Street|Avenue|Road|Inc|Ltd|GmbH)$/;

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What lists of names can tell: a known given name with a capitalised word after it, a place, a people or creed. A name
 * that is in no list stays unseen, unless a rule knows it by what stands before it; a head of the encoder will do better.
 */
export function findNames(text: string): Entity[] {
  const words = Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    text: word,
    start: index,
    end: index + word.length,
  }));
  return words.flatMap((word, i) =>
    [personAt(text, words, i), listed(text, words, i, PLACES, "GPE"), groupAt(word)].flat(),
  );
}

function personAt(text: string, words: readonly Word[], i: number): Entity[] {
  const [first, next] = [words[i], words[i + 1]];
  if (!first || !next || !GIVEN.has(first.text) || NO_SURNAME.test(next.text)) return [];
  if (!PARTICLE.test(text.slice(first.end, next.start))) return [];
  return [entity("PERSON", "name/given", first.start, next.end, 0.8)];
}

/** The longest name in a list that begins with this word. */
function listed(text: string, words: readonly Word[], i: number, list: ReadonlySet<string>, type: string): Entity[] {
  const start = words[i]?.start ?? 0;
  for (let count = MAX_WORDS; count > 0; count--) {
    const end = words[i + count - 1]?.end;
    if (end !== undefined && list.has(text.slice(start, end))) return [entity(type, "name/listed", start, end, 0.75)];
  }
  return [];
}

function groupAt({ text, start, end }: Word): Entity[] {
  const isGroup = GROUPS.has(text) || (text.endsWith("s") && GROUPS.has(text.slice(0, -1)));
  return isGroup ? [entity("NRP", "name/listed", start, end, 0.7)] : [];
}

function entity(type: string, rule: string, start: number, end: number, score: number): Entity {
  return { type, rule, start, end, score, isCertain: false };
}

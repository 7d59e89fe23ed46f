import nlp from "compromise";

/**
 * Parts of speech and entities of English text, by rules and word lists (compromise). Other languages are not told: this
 * library knows none of them, and tags by rules for English would be noise.
 */

/** Tags that the library gives, by our name; a word is of the first that it bears. */
const PARTS = {
  num: "Value",
  pron: "Pronoun",
  propn: "ProperNoun",
  noun: "Noun",
  aux: "Auxiliary",
  verb: "Verb",
  adj: "Adjective",
  adv: "Adverb",
  adp: "Preposition",
  det: "Determiner",
  conj: "Conjunction",
  intj: "Expression",
} as const;

const ENTITIES = {
  person: "Person",
  place: "Place",
  organization: "Organization",
  date: "Date",
  money: "Money",
} as const;

/** Names of what is counted. */
export const GRAMMAR = Object.keys(PARTS).map((name) => `pos_${name}_ratio`);
export const ENTITY = ["num_entities", ...Object.keys(ENTITIES).map((name) => `entity_${name}_ratio`)];

/** More says little new, and the library takes some milliseconds for each thousand. */
export const MAX_TAGGED = 2_000;

interface Sentence {
  readonly terms: readonly { readonly tags: readonly string[] }[];
}

/** Shares of the words of the text's first `MAX_TAGGED` characters; neighbours under one tag are one entity. */
export function grammarOf(text: string): Readonly<Record<string, number>> {
  const sentences: readonly Sentence[] = nlp(text.slice(0, MAX_TAGGED)).json({ text: false, terms: { tags: true } });
  const tags = sentences.map(({ terms }) => terms.map((term) => new Set(term.tags)));
  const words = tags.reduce((sum, sentence) => sum + sentence.length, 0);
  const parts = new Map<string, number>();
  for (const word of tags.flat()) {
    const part = Object.entries(PARTS).find(([, tag]) => word.has(tag))?.[0] ?? "";
    parts.set(part, (parts.get(part) ?? 0) + 1);
  }
  const entities = Object.entries(ENTITIES).map(([name, tag]) => ({ name, count: runsOf(tags, tag) }));
  const share = (count: number) => (words === 0 ? 0 : count / words);
  return Object.fromEntries([
    ...Object.keys(PARTS).map((name) => [`pos_${name}_ratio`, share(parts.get(name) ?? 0)] as const),
    ["num_entities", entities.reduce((sum, { count }) => sum + count, 0)],
    ...entities.map(({ name, count }) => [`entity_${name}_ratio`, share(count)] as const),
  ]);
}

function runsOf(sentences: readonly (readonly ReadonlySet<string>[])[], tag: string): number {
  let runs = 0;
  for (const words of sentences) {
    for (const [i, word] of words.entries()) if (word.has(tag) && !words[i - 1]?.has(tag)) runs++;
  }
  return runs;
}

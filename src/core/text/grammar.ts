import nlp from "compromise";

/** Tags of the library compromise by our name; a word counts as the first that it bears. */
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

/** Shares of words by part of speech. */
export const GRAMMAR = Object.keys(PARTS).map((name) => `pos_${name}_ratio`);
/** How many entities there are, and of each kind how many a word. */
export const ENTITY = ["num_entities", ...Object.keys(ENTITIES).map((name) => `entity_${name}_ratio`)];

/** More says little new, and the library takes some milliseconds for each thousand. */
export const MAX_TAGGED = 2_000;

interface Sentence {
  readonly terms: readonly { readonly tags: readonly string[] }[];
}

/**
 * Measures English text, by rules and word lists: of the first `MAX_TAGGED` characters, every name of `GRAMMAR` and
 * `ENTITY`. Neighbours under one tag are one entity. The library knows no other language, so do not ask it.
 */
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

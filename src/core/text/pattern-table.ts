import { WardlightError } from "../errors.ts";
import { CATEGORIES, type Category, type Probability } from "../types.ts";
import { beginnings, largestRepeat, parseExpression } from "./expression.ts";
import { normalise } from "./normalise.ts";

/** One row of the table, ready to run over folded text. */
export interface Pattern {
  readonly id: string;
  /** Patterns of one group say the same thing in other words; groups are independent of each other. */
  readonly group: string;
  /** ISO 639-1, or `any`. */
  readonly lang: string;
  readonly category: Category;
  readonly confidence: Probability;
  /** Sticky: it is tried at the start of each word and at each sign. */
  readonly expression: RegExp;
  /** Every match begins with one of these, of 6 characters at most; a space stands for any sign. */
  readonly beginnings: ReadonlySet<string>;
  /** What must stand right before a match, such as the start of a sentence. */
  readonly after?: RegExp;
  /** What must not stand right before a match, such as a negation. */
  readonly unless?: RegExp;
}

type Words = Readonly<Record<string, string>>;

/**
 * Reads and compiles a table:
 *
 *     { "words": { lang: { name: expression } }, "unless": { lang: expression }, "patterns": [ … ] }
 *
 * A pattern has `id`, `group`, `lang`, `category`, `confidence`, `expression` and perhaps `after`. `{name}` stands for
 * a word list of the pattern's language. Expressions meet folded text: lower case, no accents. A match begins where a
 * word begins, or with a sign. A space stands for up to four characters between two words that do not end a sentence.
 * Every repetition is bounded, so that the time grows with the text and no faster.
 *
 * @throws {WardlightError} `validation`, naming the first entry that is wrong.
 */
export function readPatterns(table: unknown): readonly Pattern[] {
  const { words = {}, unless = {}, patterns } = record(table, "table");
  const lists = record(words, "words");
  const excuses = record(unless, "unless");
  if (!Array.isArray(patterns)) throw malformed("patterns", "must be a list");
  const seen = new Set<string>();
  return patterns.map((row: unknown, index) => {
    const pattern = readPattern(row, `patterns[${index}]`, lists, excuses);
    if (seen.has(pattern.id)) throw malformed(`pattern ${pattern.id}`, "stands twice");
    seen.add(pattern.id);
    return pattern;
  });
}

function readPattern(
  row: unknown,
  place: string,
  lists: Record<string, unknown>,
  excuses: Record<string, unknown>,
): Pattern {
  const fields = record(row, place);
  const id = text(fields.id, `${place}: id`);
  const name = `pattern ${id}`;
  const lang = text(fields.lang, `${name}: lang`);
  const words = wordsOf(lists[lang] ?? {}, `words.${lang}`);
  const lead = (source: unknown, where: string) =>
    source === undefined ? undefined : compile(`(?:${text(source, where)})$`, words, where, "u");
  const expression = compile(text(fields.expression, `${name}: expression`), words, name, "yu");
  const after = lead(fields.after, `${name}: after`);
  const unless = lead(excuses[lang], `unless.${lang}`);
  return {
    id,
    group: text(fields.group, `${name}: group`),
    lang,
    category: category(fields.category, name),
    confidence: confidence(fields.confidence, name),
    expression,
    beginnings: beginningsOf(expression, name),
    ...(after && { after }),
    ...(unless && { unless }),
  };
}

const MAX_BEGINNING = 6;

function beginningsOf({ source }: RegExp, where: string): ReadonlySet<string> {
  const found = beginnings(parseExpression(source), MAX_BEGINNING);
  if (found.size === 0 || found.has("")) throw malformed(where, "must begin with known characters");
  return found;
}

/**
 * Between two words: no letter, no digit, nothing that ends a sentence or opens what is announced. In folded text every
 * sign is ASCII, so all beyond it are letters; a class by Unicode property here would take the engine seconds to build.
 */
const GAP = "(?:[^a-z0-9\\u{80}-\\u{10ffff}.?!;:]{1,4})";
const ESCAPE_CLASS_OR_SPACE = /\\.|\[(?:\\.|[^\]\\])*\]| /gsu;
const MAX_REPEAT = 200;

function compile(source: string, words: Words, where: string, flags: string): RegExp {
  if (normalise(source).text !== source)
    throw malformed(where, "must be in lower case, without accents or double spaces");
  const whole = expand(source, words, where).replace(ESCAPE_CLASS_OR_SPACE, (one) => (one === " " ? GAP : one));
  if (/\\[1-9k]/.test(whole)) throw malformed(where, "must not refer back to a group");
  const expression = regExp(whole, flags, where);
  if (largestRepeat(parseExpression(whole)) <= MAX_REPEAT) return expression;
  throw malformed(where, `must bound every repetition, by ${MAX_REPEAT} at most`);
}

function regExp(source: string, flags: string, where: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (cause) {
    throw malformed(where, `is no regular expression: ${String(cause)}`, cause);
  }
}

function expand(source: string, words: Words, where: string, depth = 0): string {
  if (depth > 8) throw malformed(where, "uses word lists that use each other");
  return source.replace(/\{([a-z]\w*)\}/g, (_, name: string) => {
    const list = words[name];
    if (list === undefined) throw malformed(where, `names no word list: {${name}}`);
    return `(?:${expand(list, words, where, depth + 1)})`;
  });
}

function wordsOf(value: unknown, where: string): Words {
  const lists = record(value, where);
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, text(list, `${where}.${name}`)]));
}

function category(value: unknown, where: string): Category {
  const known = CATEGORIES.find((one) => one === value);
  if (known === undefined) throw malformed(where, `has no known category: ${String(value)}`);
  return known;
}

function confidence(value: unknown, where: string): Probability {
  if (typeof value === "number" && value > 0 && value < 1) return value;
  throw malformed(where, "must have a confidence between 0 and 1, both excluded");
}

function text(value: unknown, where: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw malformed(where, "must be a text that is not empty");
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw malformed(where, "must be an object");
}

function malformed(where: string, problem: string, cause?: unknown): WardlightError {
  return new WardlightError("validation", `The pattern table is malformed: ${where} ${problem}.`, { cause });
}

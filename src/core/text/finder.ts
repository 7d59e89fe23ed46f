import { WardlightError } from "../errors.ts";
import type { Probability } from "../types.ts";
import { largestRepeat, parseExpression } from "./expression.ts";
import { type Normalised, normalise, originalSpan, type Span } from "./normalise.ts";

/** Something in a text that has a name: a card number, an access key. Offsets lie in the original text. */
export interface Entity extends Span {
  readonly type: string;
  readonly rule: string;
  readonly score: Probability;
  /** Check digits agree: no number is like this by chance. */
  readonly isCertain: boolean;
}

/**
 * Looks closer at what an expression found: how many characters of it, from the start, are the thing itself; 0 for none.
 * `isNear` says that a word beside it tells what it is.
 */
export type Check = (found: string, isNear: boolean) => number;

/** What may not stand beside the thing: see `EDGES`. */
type Edge = "word" | "number" | "text" | "none";

/** One row of a table, ready to run. */
export interface Finder {
  readonly id: string;
  readonly type: string;
  readonly reads: "written" | "folded";
  /** Global, unicode, with indices; the group `it`, where there is one, is the thing itself. */
  readonly expression: RegExp;
  /** A text without this has no match. */
  readonly needs?: string;
  readonly edge: Edge;
  /** Whole words beside the thing, in folded text. */
  readonly near?: RegExp;
  /** How sure without such a word, and with one; 0: not at all. */
  readonly alone: Probability;
  readonly beside: Probability;
  readonly isCertain: boolean;
  readonly check: Check;
}

/** No class of characters, no number and no list of words is repeated more often than this. */
const MAX_REPEAT = 256;
const BEFORE_CHARS = 48;
const AFTER_CHARS = 24;

/** What ends a thing's right to stand: a letter or digit beside it; a sign that goes on as a number; anything at all. */
const EDGES: Readonly<Record<Edge, readonly [RegExp, RegExp]>> = {
  word: [/[\p{L}\p{N}_]$/u, /^[\p{L}\p{N}_]/u],
  number: [
    /(?:[\p{L}\p{N}_]|\p{N}[-.:/,+]|\p{L}[-./+]|[#$%^*=/\\@~]-?|[=<>] )$/u,
    /^(?:[\p{L}\p{N}_%@]|[-.:/,+][\p{N}\p{L}])/u,
  ],
  text: [/\S\s*$/u, /^\s*\S/u],
  none: [/(?!)/u, /(?!)/u],
};

type Words = Readonly<Record<string, string>>;

/**
 * Reads and compiles a table `{ "words": { name: expression }, "rules": [ … ] }`. `{name}` in an expression stands for a
 * list of words. `reads: "folded"` meets normalised text (lower case, no accents, one kind of dash), else the text is
 * read as it is written. Every repetition is bounded, so that time grows with the text and no faster.
 *
 * @throws {WardlightError} `validation`, naming the first rule that is wrong.
 */
export function readFinders(table: unknown, checks: Readonly<Record<string, Check>>): readonly Finder[] {
  const { words = {}, rules } = (table ?? {}) as { words?: Words; rules?: unknown };
  if (!Array.isArray(rules)) throw malformed("table", "has no list of rules");
  const seen = new Set<unknown>();
  return rules.map((row: Record<string, unknown>, index) => {
    const finder = readFinder(row, `rule ${row?.id ?? index}`, words, checks);
    if (seen.has(finder.id)) throw malformed(`rule ${finder.id}`, "stands twice");
    seen.add(finder.id);
    return finder;
  });
}

function readFinder(
  row: Record<string, unknown>,
  name: string,
  words: Words,
  checks: Readonly<Record<string, Check>>,
): Finder {
  const { id, type, reads = "written", expression, needs, edge = "word", near, alone = 0, beside = alone } = row;
  const { check, isCertain = false } = row;
  if (typeof id !== "string" || typeof type !== "string") throw malformed(name, "needs an id and a type");
  if (reads !== "written" && reads !== "folded") throw malformed(name, 'reads "written" or "folded"');
  if (typeof edge !== "string" || !(edge in EDGES)) throw malformed(name, "has an unknown edge");
  if (![alone, beside].every(isProbability)) throw malformed(name, "has a score outside [0, 1]");
  const checked = check === undefined ? takeAll : checks[String(check)];
  if (!checked) throw malformed(name, `asks for the unknown check ${check}`);
  return {
    id,
    type,
    reads,
    expression: compile(expression, words, name, "dgu"),
    ...(typeof needs === "string" ? { needs } : {}),
    edge: edge as Edge,
    ...(near === undefined ? {} : { near: compile(`(?<![a-z0-9_])(?:${near})(?![a-z0-9_])`, words, name, "u") }),
    alone: alone as number,
    beside: beside as number,
    isCertain: isCertain === true,
    check: checked,
  };
}

const takeAll: Check = (found) => found.length;

function isProbability(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

function compile(source: unknown, words: Words, name: string, flags: string): RegExp {
  if (typeof source !== "string" || source === "") throw malformed(name, "needs an expression");
  const whole = expand(source, words, name, 0);
  let expression: RegExp;
  try {
    expression = new RegExp(whole, flags);
  } catch (cause) {
    throw malformed(name, "has an expression that does not compile", cause);
  }
  if (largestRepeat(parseExpression(whole)) > MAX_REPEAT) throw malformed(name, "repeats without a bound");
  if (expression.test("")) throw malformed(name, "matches nothing at all");
  return expression;
}

function expand(source: string, words: Words, name: string, depth: number): string {
  return source.replace(/(?<!\\[pP])\{([a-z][a-z0-9_]*)\}/g, (_, list: string) => {
    const known = words[list];
    if (known === undefined || depth > 3) throw malformed(name, `names the unknown words {${list}}`);
    return `(?:${expand(known, words, name, depth + 1)})`;
  });
}

function malformed(name: string, what: string, cause?: unknown): WardlightError {
  return new WardlightError("validation", `The ${name} ${what}.`, { cause });
}

/** Everything that the finders see in a text, in its order; where two overlap the surer one stands. */
export function findEntities(text: string, finders: readonly Finder[]): Entity[] {
  let folded: Normalised | undefined;
  const found = finders.flatMap((finder) => {
    if (finder.reads === "folded") folded ??= normalise(text);
    const read = finder.reads === "folded" && folded ? folded.text : text;
    if (finder.needs !== undefined && !read.includes(finder.needs)) return [];
    return matchesOf(finder, text, read, finder.reads === "folded" ? folded : undefined);
  });
  return withoutOverlaps(found);
}

function matchesOf(finder: Finder, original: string, read: string, folded: Normalised | undefined): Entity[] {
  const { expression } = finder;
  const entities: Entity[] = [];
  expression.lastIndex = 0;
  for (let match = expression.exec(read); match; match = expression.exec(read)) {
    const [start, end] = match.indices?.groups?.it ?? [match.index, expression.lastIndex];
    const entity = entityAt(finder, original, read, folded, { start, end });
    if (entity) entities.push(entity);
    // What did not hold may hide another that begins within it.
    else expression.lastIndex = match.index + 1;
  }
  return entities;
}

function entityAt(
  finder: Finder,
  original: string,
  read: string,
  folded: Normalised | undefined,
  { start, end }: Span,
): Entity | undefined {
  const { id, type, edge, near, alone, beside, isCertain, check } = finder;
  const place = (to: number) => (folded ? originalSpan(folded, start, to) : { start, end: to });
  const isNear = near?.test(around(original, place(end))) ?? false;
  const score = isNear ? beside : alone;
  const length = score > 0 ? check(read.slice(start, end), isNear) : 0;
  if (length === 0 || !stands(read, start, start + length, edge)) return undefined;
  const span = place(start + length);
  // Folding makes a line's end and a tab a space: numbers of two cells of a table are no number.
  if (folded && /[\r\n\t]/.test(original.slice(span.start, span.end))) return undefined;
  return { ...span, type, rule: id, score, isCertain };
}

/**
 * The words that may say what the thing is: those that lead up to it and a few after it, as far as no sign of code,
 * quotation or table parts them. Where it is set with `=`, that name alone; in `"name": "value"`, the name; at the
 * beginning of a line, a heading above it.
 */
function around(text: string, { start, end }: Span): string {
  const before = text.slice(Math.max(0, start - BEFORE_CHARS), start);
  const [, name] = /([\w-]{1,40})["']? ?= ?["']?$/.exec(before) ?? [];
  // `passport_id = 7` tells of a row in a table.
  const [, heading] = /(?:^|\n)([\p{L} ']{3,30}:?)\s*\n\s*$/u.exec(before) ?? [];
  const lead = name?.replace(/^.*_id$/i, "") ?? heading ?? before.replace(/["'] ?: ?["']?$/, ": ");
  const after = text.slice(end, end + AFTER_CHARS);
  const words = lead.slice(lead.search(LAST_BREAK) + 1).replace(/[_-]/g, " ");
  return normalise(`${words} | ${after.slice(0, after.search(BREAK) >>> 0)}`).text;
}

const BREAK = /[{}<>"&?;|\t\n/=]/;
const LAST_BREAK = /[{}<>"&?;|\t\n/=][^{}<>"&?;|\t\n/=]*$/;

function stands(text: string, start: number, end: number, edge: Edge): boolean {
  const [left, right] = EDGES[edge];
  const isWhole = edge === "text";
  const before = text.slice(isWhole ? 0 : Math.max(0, start - 2), start);
  return !left.test(before) && !right.test(text.slice(end, isWhole ? undefined : end + 8));
}

/** The surest first, of equals the longest; in the order of the text. */
export function withoutOverlaps(entities: readonly Entity[]): Entity[] {
  const kept: Entity[] = [];
  const bySurety = entities.toSorted(
    (a, b) => b.score - a.score || b.end - b.start - (a.end - a.start) || a.start - b.start,
  );
  const taken = new Map<number, Entity[]>();
  for (const entity of bySurety) {
    const cells = range(entity.start >> CELL_BITS, (entity.end - 1) >> CELL_BITS);
    const isTaken = cells.some((cell) => taken.get(cell)?.some((one) => overlap(one, entity)));
    if (isTaken) continue;
    kept.push(entity);
    for (const cell of cells) taken.set(cell, [...(taken.get(cell) ?? []), entity]);
  }
  return kept.sort((a, b) => a.start - b.start);
}

/** Only what shares a stretch of 64 characters can overlap. */
const CELL_BITS = 6;

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

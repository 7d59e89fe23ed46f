/** A regular expression as a tree: what is needed to reason about it before it runs. */
export type Expression =
  /** One character; `literal` where it can be only one. */
  | { readonly kind: "character"; readonly source: string; readonly literal?: string }
  /** A condition between characters: an anchor, a boundary, a look around with its `body`. */
  | { readonly kind: "condition"; readonly source: string; readonly body?: Expression }
  | { readonly kind: "sequence"; readonly parts: readonly Expression[] }
  | { readonly kind: "choice"; readonly options: readonly Expression[] }
  | { readonly kind: "repeat"; readonly body: Expression; readonly min: number; readonly max: number };

const CHARACTER = /\\[pPu]\{[^}]*\}|\\x..|\\u....|\\.|\[(?:\\.|[^\]\\])*\]|[^()|]/suy;
const OPENING = /\((?:\?(?:[:=!]|<[=!]|<\w+>))?/uy;
const QUANTIFIER = /([?*+]|\{(\d+)(,(\d*))?\})\??/uy;

/** Parses the source of an expression that compiles with the flag `u`; a back reference becomes a character. */
export function parseExpression(source: string): Expression {
  let at = 0;
  const take = (token: RegExp): RegExpExecArray | null => {
    token.lastIndex = at;
    const found = token.exec(source);
    if (found) at = token.lastIndex;
    return found;
  };

  const choice = (): Expression => {
    const options = [sequence()];
    while (source[at] === "|") {
      at++;
      options.push(sequence());
    }
    const [only] = options;
    return options.length === 1 && only ? only : { kind: "choice", options };
  };

  const sequence = (): Expression => {
    const parts: Expression[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") parts.push(quantified(atom()));
    return { kind: "sequence", parts };
  };

  const atom = (): Expression => {
    const opening = take(OPENING)?.[0];
    if (opening === undefined) return characterOf(take(CHARACTER)?.[0] ?? source.slice(at++, at));
    const body = choice();
    at++;
    return /[=!]$/.test(opening) ? { kind: "condition", source: opening, body } : body;
  };

  const quantified = (body: Expression): Expression => {
    const found = take(QUANTIFIER);
    if (!found) return body;
    const [, sign, least, comma, most] = found;
    if (sign === "?") return { kind: "repeat", body, min: 0, max: 1 };
    if (least === undefined) return { kind: "repeat", body, min: sign === "+" ? 1 : 0, max: Number.POSITIVE_INFINITY };
    const max = comma === undefined ? Number(least) : most ? Number(most) : Number.POSITIVE_INFINITY;
    return { kind: "repeat", body, min: Number(least), max };
  };

  return choice();
}

function characterOf(source: string): Expression {
  if (source === "^" || source === "$" || source === "\\b" || source === "\\B") return { kind: "condition", source };
  if (source.length === 1 && source !== ".") return { kind: "character", source, literal: source };
  if (/^\\[^\w]$/u.test(source)) return { kind: "character", source, literal: source.slice(1) };
  return { kind: "character", source };
}

/** The largest bound of a repetition anywhere in the tree, look arounds included; 1 without any. */
export function largestRepeat(tree: Expression): number {
  if (tree.kind === "repeat") return Math.max(tree.max, largestRepeat(tree.body));
  if (tree.kind === "condition") return tree.body ? largestRepeat(tree.body) : 1;
  if (tree.kind === "character") return 1;
  return Math.max(1, ...(tree.kind === "choice" ? tree.options : tree.parts).map(largestRepeat));
}

/**
 * The beginnings that every match has one of, up to `length` characters each; shorter where the expression then ends
 * or allows too many characters. A space stands for any sign. An empty beginning says that nothing can be told.
 */
export function beginnings(tree: Expression, length: number): ReadonlySet<string> {
  const { open, closed } = leads(tree, length);
  return new Set([...open, ...closed]);
}

/** Beginnings that what follows may lengthen, and those that are final. */
interface Leads {
  readonly open: ReadonlySet<string>;
  readonly closed: ReadonlySet<string>;
}

const NOTHING: Leads = { open: new Set([""]), closed: new Set() };

function leads(tree: Expression, length: number): Leads {
  if (tree.kind === "condition" || length === 0) return NOTHING;
  if (tree.kind === "character") {
    const known = charactersOf(tree);
    return known.length > 0 ? { open: new Set(known), closed: new Set() } : { open: new Set(), closed: new Set([""]) };
  }
  if (tree.kind === "choice") return union(tree.options.map((option) => leads(option, length)));
  if (tree.kind === "sequence") return tree.parts.reduce((before, part) => join(before, part, length), NOTHING);
  let powers = NOTHING;
  const all: Leads[] = tree.min === 0 ? [NOTHING] : [];
  for (let times = 1; times <= Math.min(tree.max, length); times++) {
    powers = join(powers, tree.body, length);
    if (times >= Math.min(tree.min, length)) all.push(powers);
  }
  return union(all);
}

/** A class of nothing but signs: it excludes every letter and digit of folded text. */
const SIGNS = /^\[\^a-z0-9\\u\{80\}-\\u\{10ffff\}/;
/** A class that lists letters one by one. */
const LETTERS = /^\[([a-z]+)\]$/;

/** What a character may be, every sign as a space; nothing where that cannot be told. */
function charactersOf({ source, literal }: { readonly source: string; readonly literal?: string }): readonly string[] {
  if (literal !== undefined) return [/^(?![a-z0-9])[\0-\x7f]$/.test(literal) ? " " : literal];
  return SIGNS.test(source) ? [" "] : [...(LETTERS.exec(source)?.[1] ?? "")];
}

/** Lengthens what may be lengthened; a beginning of full length is final. */
function join(before: Leads, next: Expression, length: number): Leads {
  if (before.open.size === 0) return before;
  const following = leads(next, length);
  const open = new Set<string>();
  const closed = new Set(before.closed);
  for (const start of before.open) {
    for (const more of following.closed) closed.add((start + more).slice(0, length));
    for (const more of following.open) {
      const whole = (start + more).slice(0, length);
      (whole.length === length ? closed : open).add(whole);
    }
  }
  return { open, closed };
}

function union(all: readonly Leads[]): Leads {
  return {
    open: new Set(all.flatMap(({ open }) => [...open])),
    closed: new Set(all.flatMap(({ closed }) => [...closed])),
  };
}

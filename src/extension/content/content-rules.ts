import type { Tree } from "./trees.ts";

/**
 * So many rules that nobody has read before are read at a stroke, in some 15 ms; to look at elements takes no longer. A
 * clock would run on while a busy machine lets the page wait, and what nobody read then would be painted.
 */
const MAX_RULES = 3_000;
/** Of fewer elements, each is looked at without asking what the rules say. */
const MAX_ELEMENTS = 300;
/** What a value of `content` or of `list-style` that brings in a picture holds, itself or by a variable or function. */
const PICTURING = /url\(|image|--/;
/** Of pseudo-elements, but for what stands within strings or is escaped. */
const PSEUDO = /"(?:[^"\\]|\\.)*"|(?<!\\)::?(?:before|after|marker)\b/g;
/** Elements that are not in the tree of the sheet, or relative to what is not known. */
const FOREIGN = /:host|::slotted|::part|:scope/;

/** How many rules may still be read at this stroke. */
interface Allowance {
  left: number;
}

/**
 * Knows of style sheets which elements they may give a picture as content or as a list's marker: those pictures alone
 * are not unseen by themselves.
 */
export class ContentRules {
  /** Selectors of the elements; undefined for a sheet that cannot be read, or is too long to be. */
  readonly #selectors = new WeakMap<CSSStyleSheet, readonly string[] | undefined>();

  /** @param changed what they say is not known any more. */
  forget(changed: Iterable<CSSStyleSheet>): void {
    for (const sheet of changed) this.#selectors.delete(sheet);
  }

  /** The elements that new sheets of a tree, or older ones by their variables, may give such a picture. */
  touchedBy(sheets: Iterable<CSSStyleSheet>, tree: Tree): Iterable<Element> {
    const all = tree.querySelectorAll("*");
    if (all.length <= MAX_ELEMENTS) return around(tree, all);
    const rules = { left: MAX_RULES };
    const isKnown = Array.from(sheets).every((sheet) => this.#read(sheet, rules) !== undefined);
    return (isKnown && this.#query(tree, tree, rules)) || around(tree, all);
  }

  /** Those of them at a node or below it, as far as sheets can be read. */
  below(node: Element | Tree): Iterable<Element> {
    return this.#query(node.getRootNode() as Tree, node, { left: MAX_RULES }) ?? [];
  }

  #query(tree: Tree, node: ParentNode, rules: Allowance): Iterable<Element> | undefined {
    const selectors = sheetsOf(tree).flatMap((sheet) => this.#read(sheet, rules) ?? []);
    if (selectors.length === 0) return [];
    try {
      return node.querySelectorAll([...new Set(selectors)].join(","));
    } catch {
      return undefined;
    }
  }

  #read(sheet: CSSStyleSheet, rules: Allowance): readonly string[] | undefined {
    if (this.#selectors.has(sheet)) return this.#selectors.get(sheet);
    const hadMost = rules.left > MAX_RULES / 2;
    const selectors = selectorsIn(sheet, rules);
    // What others left nothing for has its turn the next time.
    if (selectors || hadMost) this.#selectors.set(sheet, selectors);
    return selectors;
  }
}

function selectorsIn(sheet: CSSStyleSheet, allowance: Allowance): readonly string[] | undefined {
  try {
    return [...picturing(sheet.cssRules, "", allowance)];
  } catch {
    return undefined;
  }
}

/** In the order of the cascade; those that load are not among them. */
export function sheetsOf(tree: Tree): CSSStyleSheet[] {
  return [...tree.styleSheets, ...tree.adoptedStyleSheets];
}

/** A sheet in a shadow tree can mean its host, and what is given into it. */
function around(tree: Tree, all: Iterable<Element>): Iterable<Element> {
  return "host" in tree ? [tree.host, ...tree.host.children, ...all] : all;
}

/** @throws where a sheet or an imported one cannot be read, where it has too many rules, or elements cannot be named. */
function* picturing(rules: CSSRuleList, above: string, allowance: Allowance): Generator<string> {
  for (const rule of rules) {
    if (allowance.left-- <= 0) throw new RangeError("too many rules");
    const selector = "selectorText" in rule ? within(above, rule.selectorText as string) : above;
    if ("style" in rule && selector) yield* hostsOf(selector, rule.style as CSSStyleDeclaration);
    const { styleSheet, cssRules } = rule as Partial<CSSImportRule & CSSGroupingRule>;
    const inner = styleSheet?.cssRules ?? cssRules;
    if (inner && rule.constructor.name !== "CSSKeyframesRule") yield* picturing(inner, selector, allowance);
  }
}

/** A nested rule's selector says `&` for the rule around it. */
function within(above: string, selector: string): string {
  if (!above) return selector;
  return selector.includes("&") ? selector.replaceAll("&", `:is(${above})`) : `:is(${above}) :is(${selector})`;
}

function* hostsOf(selector: string, { content, listStyle, listStyleImage }: CSSStyleDeclaration): Generator<string> {
  const isList = PICTURING.test(listStyleImage) || PICTURING.test(listStyle);
  if (!isList && !PICTURING.test(content)) return;
  if (FOREIGN.test(selector)) throw new RangeError("not in this tree");
  const hosts = selector.replace(PSEUDO, (part) => (part.startsWith('"') ? part : ":is(*)"));
  yield hosts;
  // Markers are inherited.
  if (isList) yield `:is(${hosts}) *`;
}

import type { Role } from "../../core/page/structure.ts";

/** What an element says of itself, in its tag and attributes. */
export interface Naming {
  readonly tag: string;
  /** `role`, `itemtype` and `itemprop`. */
  readonly role: string;
  readonly type: string;
  readonly property: string;
  /** Its classes, `id` and `data-testid`. */
  readonly names: readonly string[];
}

export function namingOf(element: Element): Naming {
  const value = (name: string) => element.getAttribute(name) ?? "";
  return {
    tag: element.localName,
    role: value("role"),
    type: value("itemtype"),
    property: value("itemprop"),
    names: `${value("class")} ${value("id")} ${value("data-testid")}`.split(/\s+/).filter(Boolean),
  };
}

const TAGS: Readonly<Record<string, Role>> = {
  code: "code",
  pre: "code",
  samp: "code",
  kbd: "code",
  blockquote: "quotation",
  q: "quotation",
  nav: "navigation",
  footer: "navigation",
  article: "article",
};
const ARIA: Readonly<Record<string, Role>> = {
  navigation: "navigation",
  menu: "navigation",
  menubar: "navigation",
  article: "article",
  comment: "comment",
};
const AD = /^(ads?|adverts?|advertisements?|adsbygoogle|sponsored|promoted)$/;

/** The part of the page that an element begins, where it says so; whether it is a comment is for `isCommentUnit`. */
export function roleNamed({ tag, role, type, property, names }: Naming): Role | undefined {
  if (ARIA[role] ?? TAGS[tag]) return ARIA[role] ?? TAGS[tag];
  if (property === "articleBody" || /schema\.org\/\w*(Article|BlogPosting)$/.test(type)) return "article";
  if (names.some((name) => wordsOf(name).some((word) => AD.test(word)))) return "ad";
  return undefined;
}

/** Elements that stand in a line, and headings: never a comment as a whole. */
const PARTS =
  /^(a|abbr|b|bdi|button|cite|code|em|font|h[1-6]|i|input|kbd|label|mark|p|pre|q|s|small|span|strong|sub|summary|sup|time|u)$/;
const UNITS = /^(comment|reply|review|tweet|toot)$/;
const THREADS = /^(comments|replies|reviews|responses|disqus|discussion)$/;
/** Words beside these that leave it what it is. */
const BESIDE = /^(item|body|content|text|entry|row|card|message|post|main|inner|node|single|block|user|\d+)$/;

/** Whether an element is one comment by its own word: role, schema.org, or a name such as `comment` and `comments__item`. */
export function isCommentUnit({ tag, role, type, property, names }: Naming): boolean {
  if (PARTS.test(tag)) return false;
  if (role === "comment" || property === "comment" || /schema\.org\/(User)?(Comments?|Review)$/.test(type)) return true;
  const isUnit = (name: string) => {
    const words = wordsOf(name);
    const rest = words.filter((word) => !UNITS.test(word) && !THREADS.test(word));
    const isOne = words.some((word) => UNITS.test(word)) || rest.some((word) => /^(item|entry|row|card)$/.test(word));
    return rest.length < words.length && isOne && rest.every((word) => BESIDE.test(word));
  };
  if (tag.includes("-") && isCustomUnit(wordsOf(tag))) return true;
  return names.some(isUnit);
}

/** Of an element with a name of its own, such as `shreddit-comment`. */
function isCustomUnit(words: readonly string[]): boolean {
  return (
    words.some((word) => UNITS.test(word)) && !words.some((word) => /^(list|section|thread|threads|form)$/.test(word))
  );
}

/** Whether an element holds comments, by its name. */
export function isThread({ names }: Naming): boolean {
  const HOLDERS = /^(list|section|thread|area|container|wrapper|feed)$/;
  return names.some((name) => {
    const words = wordsOf(name);
    const isHolder = words.some((word) => UNITS.test(word)) && words.some((word) => HOLDERS.test(word));
    return (
      isHolder || (words.some((word) => THREADS.test(word)) && words.every((w) => THREADS.test(w) || HOLDERS.test(w)))
    );
  });
}

/** `commentBody`, `comment-body` and `comment_body` are the same two words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

/** Whether an element is one of several alike, as the comments of a thread are. */
export function isRepeated(element: Element): boolean {
  const { localName, parentElement, previousElementSibling, nextElementSibling } = element;
  if (!parentElement || PARTS.test(localName)) return false;
  return previousElementSibling?.localName === localName || nextElementSibling?.localName === localName;
}

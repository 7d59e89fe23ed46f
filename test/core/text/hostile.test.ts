import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Expression, largestRepeat, parseExpression } from "../../../src/core/text/expression.ts";
import measures from "../../../src/core/text/measures.json" with { type: "json" };
import { PATTERNS } from "../../../src/core/text/patterns.ts";
import { FIRST, LAST, sample, steps } from "./backtracking.ts";

/** Every expression that `core/text` runs over a page's text, by where it stands. */

const FOLDER = new URL("../../../src/core/text/", import.meta.url);
const LITERAL = /(?<=[=(,?:[]\s*)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[\n])+)\/([a-z]*)/g;
/** These read our own tables, not a page. */
const OWN = new Set(["expression.ts", "pattern-table.ts"]);

interface Tried {
  readonly name: string;
  readonly expression: RegExp;
  readonly tree: Expression;
  /** It goes on behind what it has matched; the others are tried anew at every word. */
  readonly isGlobal: boolean;
}

const tried = (name: string, source: string, flags: string, isGlobal: boolean): Tried => ({
  name,
  expression: new RegExp(source, `${flags.replace(/[gy]/g, "")}g`),
  tree: parseExpression(source),
  isGlobal,
});

const inCode: Tried[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".ts") && !OWN.has(file))
  .flatMap((file) =>
    Array.from(readFileSync(new URL(file, FOLDER), "utf8").matchAll(LITERAL), ([, source = "", flags = ""]) =>
      tried(`${file} ${source}`, source, flags, true),
    ),
  );
const inTables: Tried[] = [
  ...PATTERNS.flatMap(({ id, expression, after, unless }) =>
    Object.entries({ expression, after, unless }).flatMap(([part, one]) =>
      one ? [tried(`${id} ${part}`, one.source, "u", false)] : [],
    ),
  ),
  ...Object.entries({ ...measures.groups, ...measures.counts }).flatMap(([name, sources]) =>
    [sources].flat().map((source) => tried(`measures.json ${name} ${source}`, source, "iu", true)),
  ),
];
const ALL = Array.from(new Map([...inCode, ...inTables].map((one) => [one.expression.source, one])).values());

/** The same numbers on every run (Park and Miller 1988). */
function dice(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % count;
  };
}

/** What nearly matches, and what many expressions begin with. */
function seedsOf({ tree }: Tried, random: (count: number) => number): string[] {
  const whole = [FIRST, LAST, random, random].map((pick) => sample(tree, pick));
  const nearly = whole.map((text) => text.slice(0, -1));
  return [...whole, ...nearly, ...nearly.map((text) => `${text.split(" ")[0]} `), ...GENERIC].filter(
    (text) => text !== "",
  );
}

const GENERIC = ["ignore all the ", "the ", " ", ".", "a", "A1", "a b ", '."', "<a", "!", "\n", "a@a.", "%61"];

describe("hostile text", () => {
  test("meets every expression", () => {
    expect(inCode.length).toBeGreaterThan(25);
    expect(inCode.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^segment\.ts /),
        expect.stringMatching(/^measures\.ts /),
        expect.stringMatching(/^tokenise\.ts /),
        expect.stringMatching(/^views\.ts .*\{16,20000\}/),
      ]),
    );
    expect(inTables.length).toBeGreaterThan(PATTERNS.length + 20);
  });

  test.each(ALL.map((one) => [one.name, one] as const))("costs %s no more than twice for twice as much", (_, one) => {
    // A bounded repetition grows until its bound is passed; what has none tells itself sooner, and fills the stack.
    const length = largestRepeat(one.tree) > 200 ? 200 : 500;
    for (const seed of seedsOf(one, dice(7))) {
      const text = seed.repeat(Math.ceil(length / seed.length));
      const [once, twice] = [text, text + text].map((some) => 1 + steps(one.tree, some, one.isGlobal));
      expect((twice ?? 0) / (once ?? 1), seed).toBeLessThan(2.5);
    }
  });

  test("of 100,000 kinds comes to an end, and much of it is met", () => {
    const random = dice(42);
    let [inputs, met] = [0, 0];
    while (inputs < 100_000) {
      for (const { expression, tree } of ALL) {
        const whole = sample(tree, random);
        const cut = whole.slice(0, whole.length - random(3));
        const text = `${GENERIC[random(GENERIC.length)]}${cut}`.repeat(1 + random(6)).slice(0, 400);
        met += Number(text.replace(expression, "") !== text);
        inputs++;
      }
    }
    expect(met).toBeGreaterThan(inputs / 4);
  }, 120_000);
});

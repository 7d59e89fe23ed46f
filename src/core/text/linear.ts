import { WardlightError } from "../errors.ts";
import { sigmoid } from "../math.ts";
import type { Detector, Evidence, Probability, Signal, TextSubject } from "../types.ts";

/**
 * What `models/injection-linear/model.json` holds: TF-IDF over character n-grams of one to three within words, and a
 * logistic regression. The arrays stand in the order of `ngrams`.
 */
export interface LinearModel {
  readonly kind: "text-linear";
  /** Of {@link normalise}: the model was fitted on texts read in this way. */
  readonly normaliser: typeof NORMALISER;
  /** Characters of normalised text that are judged at once, and how far apart the windows begin. */
  readonly window: number;
  readonly step: number;
  readonly intercept: number;
  /** Platt scaling in log-odds: p = sigmoid(a · logit + b). */
  readonly calibration: { readonly a: number; readonly b: number };
  readonly ngrams: readonly string[];
  readonly idf: readonly number[];
  readonly weights: readonly number[];
}

const ID = "text/linear";
const CATEGORY = "injection";
const NORMALISER = 1;
const MAX_EVIDENCE = 5;
const SPACE_CODE = 0x20;

const INVISIBLE = anyOf(
  "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e" +
    "\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\u{e0000}-\\u{e0fff}",
);
const OUTSIDE_BASIC_PLANE = /[\u{10000}-\u{10ffff}\p{Cs}]/gu;
const SPACE = anyOf("\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000", "+");

/** Any one of the code points in a list of ranges. */
function anyOf(ranges: string, repeated: "" | "+" = ""): RegExp {
  return new RegExp(`[${ranges}]${repeated}`, "gu");
}

/**
 * The text as the model was taught to read it, equal to the workshop's `linear_text.normalise` to the last character.
 * White space and what is invisible are listed, for `\s` differs between languages; `Σ` is lowered on its own, for its
 * final form depends on its neighbours. What lies outside the basic plane is one U+FFFD, so that a UTF-16 unit is a
 * character.
 */
export function normalise(text: string): string {
  const lowered = text.normalize("NFKC").replaceAll("Σ", "σ").toLowerCase();
  return lowered
    .replace(INVISIBLE, "")
    .replace(OUTSIDE_BASIC_PLANE, "\ufffd")
    .replace(SPACE, " ")
    .replace(/^ | $/g, "");
}

/**
 * Scores instructions aimed at an AI. A long text is judged window by window and the highest score counts, since an
 * average would hide an instruction at the end of a page.
 *
 * @param name `id@version` of the model, carried by its signals.
 */
export function linearDetector(model: LinearModel, name: string): Detector<TextSubject> {
  const scorer = new Scorer(model);
  return {
    id: ID,
    kind: "text",
    categories: [CATEGORY],
    async detect(subjects, signal) {
      return subjects.map((subject) => {
        signal.throwIfAborted();
        return [signalOf(scorer, subject.text, name)];
      });
    },
  };
}

function signalOf(scorer: Scorer, text: string, name: string): Signal {
  const { score, window } = scorer.judge(text);
  return { category: CATEGORY, score, detector: ID, model: name, evidence: scorer.evidence(window) };
}

/** Scores one text after another; the counts are reused, so that a page costs no garbage. */
class Scorer {
  readonly #model: LinearModel;
  /** UTF-16 unit to a small number; 0 for what stands in no n-gram. */
  readonly #letters = new Uint16Array(0x10000);
  readonly #base: number;
  /** n-gram, its letters written as digits of `base`, to its place in the model. */
  readonly #index: ReadonlyMap<number, number>;
  readonly #counts: Uint32Array;

  constructor(model: LinearModel) {
    this.#model = model;
    const alphabet = new Set(model.ngrams.join(""));
    for (const [i, letter] of [...alphabet].entries()) this.#letters[letter.charCodeAt(0)] = i + 1;
    this.#base = alphabet.size + 1;
    this.#index = new Map(model.ngrams.map((ngram, i) => [this.#key(ngram), i]));
    this.#counts = new Uint32Array(model.ngrams.length);
  }

  /** The calibrated probability, and the window that earned it. */
  judge(text: string): { score: Probability; window: string } {
    const { intercept, calibration } = this.#model;
    let highest = Number.NEGATIVE_INFINITY;
    let loudest = "";
    for (const window of windows(normalise(text), this.#model)) {
      const projection = this.#projection(window);
      if (projection <= highest) continue;
      highest = projection;
      loudest = window;
    }
    return { score: sigmoid(calibration.a * (intercept + highest) + calibration.b), window: loudest };
  }

  /** The n-grams that speak loudest for an attack. */
  evidence(window: string): Evidence[] {
    const { ngrams, idf, weights } = this.#model;
    this.#count(window);
    return ngrams
      .map((ngram, i) => ({ ngram, push: damped(this.#counts[i] ?? 0) * (idf[i] ?? 0) * (weights[i] ?? 0) }))
      .filter(({ push }) => push > 0)
      .sort((a, b) => b.push - a.push)
      .slice(0, MAX_EVIDENCE)
      .map(({ ngram }) => ({ kind: "rule", rule: "ngram", value: ngram }));
  }

  /** weights · tf-idf, the latter brought to unit length; 0 where no n-gram is known. */
  #projection(window: string): number {
    const { idf, weights } = this.#model;
    this.#count(window);
    let squares = 0;
    let dot = 0;
    for (let i = 0; i < this.#counts.length; i++) {
      const count = this.#counts[i] ?? 0;
      if (count === 0) continue;
      const value = damped(count) * (idf[i] ?? 0);
      squares += value * value;
      dot += value * (weights[i] ?? 0);
    }
    return squares > 0 ? dot / Math.sqrt(squares) : 0;
  }

  /** Counts the n-grams of one to three characters within each word and the spaces around it. */
  #count(window: string): void {
    const space = this.#letters[SPACE_CODE] ?? 0;
    this.#counts.fill(0);
    let isInWord = false;
    let second = 0;
    let first = 0;
    for (let at = 0; at <= window.length; at++) {
      const code = at < window.length ? window.charCodeAt(at) : SPACE_CODE;
      if (code === SPACE_CODE && !isInWord) continue;
      if (!isInWord) {
        if (space > 0) this.#add(space);
        second = 0;
        first = space;
      }
      const letter = this.#letters[code] ?? 0;
      this.#addEnding(second, first, letter);
      isInWord = code !== SPACE_CODE;
      second = first;
      first = letter;
    }
  }

  /** The n-grams that end with `letter`; none of them is known when a letter is not. */
  #addEnding(second: number, first: number, letter: number): void {
    if (letter === 0) return;
    this.#add(letter);
    if (first === 0) return;
    const pair = first * this.#base + letter;
    this.#add(pair);
    if (second > 0) this.#add(second * this.#base * this.#base + pair);
  }

  #add(key: number): void {
    const i = this.#index.get(key);
    if (i !== undefined) this.#counts[i] = (this.#counts[i] ?? 0) + 1;
  }

  #key(ngram: string): number {
    let key = 0;
    for (let at = 0; at < ngram.length; at++) key = key * this.#base + (this.#letters[ngram.charCodeAt(at)] ?? 0);
    return key;
  }
}

/** Sublinear term frequency: the tenth occurrence says less than the first. */
function damped(count: number): number {
  return count > 0 ? 1 + Math.log(count) : 0;
}

/** Stretches of `window` characters, one every `step`; always at least one. */
function* windows(text: string, { window, step }: LinearModel): Generator<string> {
  for (let start = 0; ; start += step) {
    yield text.slice(start, start + window);
    if (start + window >= text.length) return;
  }
}

/**
 * Reads `model.json`.
 * @throws {WardlightError} `validation`, saying what is wrong.
 */
export function parseLinearModel(json: unknown): LinearModel {
  const model = (typeof json === "object" && json !== null ? json : {}) as Partial<LinearModel>;
  const problem = PROBLEMS.find(({ isFound }) => isFound(model));
  if (problem) throw new WardlightError("validation", `The linear model cannot be used: ${problem.text}.`);
  return model as LinearModel;
}

const PROBLEMS: readonly { readonly text: string; isFound(model: Partial<LinearModel>): boolean }[] = [
  { text: "its kind is not text-linear", isFound: ({ kind }) => kind !== "text-linear" },
  {
    text: `it was fitted on texts read in another way than normaliser ${NORMALISER}`,
    isFound: ({ normaliser }) => normaliser !== NORMALISER,
  },
  {
    text: "its windows are not whole numbers, or do not overlap",
    isFound: ({ window, step }) => !(isCount(window) && isCount(step) && step <= window),
  },
  {
    text: "its n-grams are not different texts of one to three characters",
    isFound: ({ ngrams }) => !isList(ngrams, isNgram) || new Set(ngrams).size < ngrams.length,
  },
  {
    text: "it does not have one finite idf and weight for each n-gram",
    isFound: ({ ngrams, idf, weights }) =>
      [idf, weights].some((list) => !isList(list, Number.isFinite) || list.length !== ngrams?.length),
  },
  {
    text: "its intercept or calibration is not a finite number",
    isFound: ({ intercept, calibration }) => ![intercept, calibration?.a, calibration?.b].every(Number.isFinite),
  },
];

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isNgram(value: unknown): boolean {
  return typeof value === "string" && /^[^\ud800-\udfff]{1,3}$/.test(value);
}

function isList(value: unknown, isSound: (entry: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every(isSound);
}

import { logit, sigmoid, weightedMean } from "../math.ts";
import type { Evidence, Signal, TextSubject } from "../types.ts";
import { type Concealment, type Role, type Structure, UNDRAWN } from "./structure.ts";

/** A chunk of the subject's text, by UTF-16 offsets, and the cues that stand in it (`text/cues.ts`). */
export interface CuedPassage {
  readonly start: number;
  readonly end: number;
  readonly cues: ReadonlySet<string>;
  readonly quoted: ReadonlySet<string>;
  readonly quotes: readonly { readonly start: number; readonly end: number }[];
  readonly mentions: number;
}

/** A logistic regression over what `featuresOf` names, as `workshop/pages` writes it. */
export interface PageModel {
  readonly version: string;
  readonly intercept: number;
  /** From log-odds this much higher the models' mean counts by itself; absent where no encoder was fitted with. */
  readonly alone?: number;
  readonly weights: Readonly<Record<string, number>>;
}

export type Features = Readonly<Record<string, number>>;

export const PAGE_INJECTION_ID = "page/injection";
/** The text encoder's: what it says has features of its own, beside its share in the mean of all models. */
const ENCODER_ID = "text/heads";
/** Log-odds beyond this say no more: one judge of the text must not outshout all else. */
const MOST_CERTAIN = 5;
const NEVER_DRAWN: ReadonlySet<Concealment> = new Set(UNDRAWN);
/** Of remarks about orders, so many say it all. */
const MOST_MENTIONS = 4;
/** Where people show text rather than say it, and how far that excuses it. */
const SHOWING: Partial<Readonly<Record<Role, number>>> = { code: 1, quotation: 1, exhibit: 0.5 };
const READERS = ["machine", "assistant", "reading", "user", "answer", "frame", "authority"] as const;
const DEMANDS = [
  "override",
  "secrecy",
  "send",
  "tool",
  "open",
  "output",
  "praise",
  "suppress",
  "prompt",
  "persona",
  "memory",
  "falsify",
] as const;
/** How nobody addresses customers in some languages; it names neither reader nor demand. */
const INFORMAL = "informal";
const CUES = [...READERS, "private", "must", ...DEMANDS] as const;

/** Whether a page's text speaks both to a machine or its user and of what one could be made to do. */
export function isAddressed(subject: TextSubject, passagesOf: (subject: TextSubject) => readonly CuedPassage[]) {
  const isAimed = ({ cues }: CuedPassage) =>
    READERS.some((name) => cues.has(name)) && DEMANDS.some((name) => cues.has(name));
  return isPlaced(subject) && passagesOf(subject).some(isAimed);
}

/**
 * Judges a page's subject by its words and by its structure together: one signal on `injection` takes the place of those
 * that the judges of text gave. A subject without structure, or one that the user writes, keeps its signals.
 */
export function pageInjection(model: PageModel) {
  return (
    subject: TextSubject,
    signals: readonly Signal[],
    passagesOf: (subject: TextSubject) => readonly CuedPassage[],
  ): readonly Signal[] => {
    if (!isPlaced(subject)) return signals;
    const { structure } = subject;
    const opinions = signals.filter(({ category }) => category === "injection");
    const loudest = loudestOf(subject.text, structure, opinions, passagesOf(subject), model);
    if (!loudest) return signals;
    const others = signals.filter(({ category }) => category !== "injection");
    const { score } = loudest;
    const evidence = score < 0.5 ? [] : evidenceOf(structure, opinions, loudest.passage);
    const name = `page-injection@${model.version}`;
    return [...others, { category: "injection", score, detector: PAGE_INJECTION_ID, model: name, evidence }];
  };
}

function isPlaced(subject: TextSubject): subject is TextSubject & { readonly structure: Structure } {
  return subject.structure !== undefined && (subject.context === "page" || subject.context === "comment");
}

/** What the model is given of each passage, in their order. */
export function featuresOf(
  text: string,
  structure: Structure,
  opinions: readonly Signal[],
  passages: readonly CuedPassage[],
): Features[] {
  const rules = opinions.filter(({ model }) => model === undefined);
  const whole = {
    models: modelsOf(opinions),
    ...encoderOf(opinions),
    ...charactersOf(text),
    ...placeOf(structure),
  };
  return passages.map((passage) => withPassage(whole, passage, rules));
}

function loudestOf(
  text: string,
  structure: Structure,
  opinions: readonly Signal[],
  passages: readonly CuedPassage[],
  { weights, intercept, alone }: PageModel,
) {
  return featuresOf(text, structure, opinions, passages)
    .map((features, i) => ({
      passage: passages[i] as CuedPassage,
      // What a rule meets, or the models agree on, and nothing excuses, counts by itself: it finds and does not acquit.
      score: Math.max(
        features.plainRules ?? 0,
        alone === undefined ? 0 : sigmoid((features.plainVote ?? 0) - alone),
        sigmoid(
          Object.entries(weights).reduce((sum, [name, weight]) => sum + weight * (features[name] ?? 0), intercept),
        ),
      ),
    }))
    .reduce<{ passage: CuedPassage; score: number } | undefined>(
      (most, one) => (most && most.score >= one.score ? most : one),
      undefined,
    );
}

/** The models' mean in log-odds, weighed as for the vote. */
function modelsOf(opinions: readonly Signal[]): number {
  const models = opinions.filter(({ model }) => model !== undefined);
  const mean = weightedMean(
    models.map(({ score }) => logit(score)),
    models.map(({ weight = 1 }) => weight),
  );
  return bounded(Number.isNaN(mean) ? -MOST_CERTAIN : mean);
}

/** Its log-odds, and that it was asked; both 0 where the cascade did not ask it, or there is none. */
function encoderOf(opinions: readonly Signal[]) {
  const said = opinions.find(({ detector }) => detector === ENCODER_ID);
  return { asked: Number(said !== undefined), encoder: said ? bounded(logit(said.score)) : 0 };
}

function bounded(logOdds: number): number {
  return Math.min(MOST_CERTAIN, Math.max(-MOST_CERTAIN, logOdds));
}

/** The strongest rule that points into the passage, and not only to what is quoted there. */
function rulesIn(rules: readonly Signal[], { start, end, quotes }: CuedPassage, isConcealed: boolean): number {
  const isMet = ({ evidence }: Signal) =>
    evidence.some(
      (item) =>
        item.kind === "span" &&
        item.start < end &&
        start < item.end &&
        (isConcealed || !quotes.some((quote) => quote.start <= item.start && item.end <= quote.end)),
    );
  return Math.max(0, ...rules.filter(isMet).map(({ score }) => score));
}

/** Between Latin letters nothing invisible belongs; hyphenation marks and joined emoji do not count. */
const ZERO_WIDTH = /(?<=\p{Script=Latin})[\u200b-\u200d\u2060-\u2064\ufeff\u180e]+(?=\p{Script=Latin})/gu;
/** An invisible copy of ASCII; after a black flag it names a region. */
const TAGS = /(?<!\u{1f3f4}[\u{e0020}-\u{e007f}]{0,8})[\u{e0020}-\u{e007e}]{3,}/u;
const OVERRIDES = /[\u202d\u202e]/;
const MANY = 8;

function charactersOf(text: string) {
  return {
    zeroWidth: Math.min(MANY, text.match(ZERO_WIDTH)?.length ?? 0) / MANY,
    tags: Number(TAGS.test(text)),
    overrides: Number(OVERRIDES.test(text)),
  };
}

function placeOf({ concealments, role }: Structure) {
  const undrawn = Number(concealments.some((one) => NEVER_DRAWN.has(one)));
  const styled = Number(concealments.some((one) => !NEVER_DRAWN.has(one)));
  const isConcealed = undrawn + styled > 0;
  return {
    undrawn,
    styled,
    shown: isConcealed ? 0 : (SHOWING[role] ?? 0),
    said: Number(!isConcealed && role === "comment"),
    article: Number(!isConcealed && role === "article"),
  };
}

type Whole = { readonly models: number } & ReturnType<typeof encoderOf> &
  ReturnType<typeof charactersOf> &
  ReturnType<typeof placeOf>;

/**
 * Adds the cues, how many kinds there are, and what words and place are together. What people see is theirs to discuss:
 * there quotations and remarks about orders are none. Hidden words reach machines alone, and nothing excuses them.
 */
function withPassage(whole: Whole, passage: CuedPassage, opinions: readonly Signal[]): Features {
  const { cues, quoted, mentions } = passage;
  const concealed = Number(whole.undrawn + whole.styled > 0);
  const isGiven = (name: string) => cues.has(name) && (concealed > 0 || !quoted.has(name));
  const breadth = CUES.filter(isGiven).length;
  const aimed = Number(READERS.some(isGiven) && DEMANDS.some(isGiven));
  const about = (1 - concealed) * Math.min(MOST_MENTIONS, mentions + Math.min(2, quoted.size));
  const rules = rulesIn(opinions, passage, concealed > 0);
  const isPlain = about === 0 && whole.shown < 1;
  const alarm = Math.max(0, whole.encoder);
  return {
    ...whole,
    rules,
    ...Object.fromEntries([...CUES, INFORMAL].map((name) => [name, Number(isGiven(name))])),
    readers: READERS.filter(isGiven).length,
    demands: DEMANDS.filter(isGiven).length,
    breadth,
    breadth3: Number(breadth >= 3),
    breadth4: Number(breadth >= 4),
    breadth5: Number(breadth >= 5),
    aimed,
    order: Number(isGiven("machine") && DEMANDS.filter(isGiven).length > 1),
    about,
    // What a rule meets where nothing excuses it.
    plainRules: isPlain ? rules : 0,
    plainEncoder: isPlain ? alarm : 0,
    plainVote: isPlain && whole.asked ? whole.models : -MOST_CERTAIN,
    aboutBreadth: Math.min(2, about) * breadth,
    aboutRules: Math.min(2, about) * rules,
    aboutModels: Math.min(2, about) * Math.max(0, whole.models),
    aboutEncoder: Math.min(2, about) * alarm,
    shownBreadth: whole.shown * breadth,
    shownRules: whole.shown * rules,
    shownModels: whole.shown * Math.max(0, whole.models),
    shownEncoder: whole.shown * alarm,
    concealedModels: concealed * Math.max(0, whole.models),
    concealedBreadth: concealed * breadth,
    concealedAimed: concealed * aimed,
    concealedEncoder: concealed * alarm,
    aimedEncoder: aimed * alarm,
    agreedRules: (rules * alarm) / MOST_CERTAIN,
  };
}

/** By which means it is hidden, what each judge of the words said, and where: what a rule met, else the passage. */
function evidenceOf(
  { concealments }: Structure,
  opinions: readonly Signal[],
  { start, end, cues }: CuedPassage,
): Evidence[] {
  const met = opinions.filter(({ model, score }) => model === undefined && score >= 0.5);
  const pointed = met.flatMap(({ evidence }) => evidence);
  const isPointed = pointed.some(({ kind }) => kind === "span");
  return [
    ...(isPointed ? pointed : [{ kind: "span" as const, start, end, rule: "passage" }]),
    ...concealments.map((value) => ({ kind: "rule" as const, rule: "concealed", value })),
    ...Array.from(cues, (value) => ({ kind: "rule" as const, rule: "cue", value })),
    ...opinions.map(({ detector, score }) => ({ kind: "class" as const, name: detector, score })),
  ];
}

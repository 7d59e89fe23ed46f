import type { EncoderCard } from "../catalog.ts";
import { detectAll, labelled } from "../detector.ts";
import type { Category, Detector, Finding, Labeller, Probability, Signal, TextSubject } from "../types.ts";
import type { Entity } from "./entities.ts";
import { categoriesOf, HEADS_ID, type HeadsFamily, isActive, mayLeave, mixLabels } from "./heads.ts";
import { LINEAR_ID, type LinearFamily } from "./linear.ts";

/** The encoder and how it is opened: with the first text that it is asked about. */
export interface EncoderHalf {
  readonly row: EncoderCard;
  open(): Promise<HeadsFamily>;
}

/** Weighs what the judges of text say of a page's text with where it stands. */
export interface PageJudge {
  /** Whether the words call for a closer look, whatever the cheap judges say. */
  isOpen(subject: TextSubject): boolean;
  /** The signals that hold. */
  judge(subject: TextSubject, signals: readonly Signal[]): readonly Signal[];
}

/** The judges of text, from the cheapest to the costliest. */
export interface TextParts {
  readonly patterns: Detector<TextSubject>;
  /** Of personal data and secrets. */
  readonly finders: readonly Detector<TextSubject>[];
  readonly linear: LinearFamily;
  readonly language: Labeller<TextSubject>;
  /** Absent where the catalogue has none. */
  readonly encoder?: EncoderHalf | undefined;
  readonly page?: PageJudge | undefined;
}

export interface TextWishes {
  /** Asks the encoder about everything, also where the linear half is sure. */
  readonly isFull?: boolean;
  /** Whose description is wanted. */
  isWanted(finding: Finding, subject: TextSubject): boolean;
}

/**
 * Texts through all judges of text. Expressions and linear heads read everything; the encoder reads what they leave open,
 * and what could leak personal data. What it then says of a threat is weighed with the linear head of that threat as the
 * two were fitted. Where the encoder fails, the others decide and the finding says why. What stands on a page is weighed with
 * its place last.
 */
export async function judgeTexts(
  { patterns, finders, linear, language, encoder, page }: TextParts,
  subjects: readonly TextSubject[],
  { isFull = false, isWanted }: TextWishes,
  signal: AbortSignal,
): Promise<Finding[]> {
  const first = await detectAll([patterns, ...finders, linear.detector], subjects, signal);
  const placed = (findings: readonly Finding[]) =>
    findings.map((finding, i) => withPlace(finding, subjects[i] as TextSubject, page));
  if (!encoder) return labelled([linear.labeller, language], subjects, placed(first), isWanted, signal);
  const tellLanguage = async (subject: TextSubject) => (await language.label([subject], signal))[0]?.language;
  const asked: TextSubject[] = [];
  for (const [i, subject] of subjects.entries()) {
    const isAnyhow = isFull || page?.isOpen(subject) === true;
    if (isAnyhow || (await isOpen(encoder.row, first[i] ?? { signals: [] }, subject, tellLanguage)))
      asked.push(subject);
  }
  const findings = await deepened(encoder, subjects, first, asked, signal);
  const labeller = mixedLabeller(linear.labeller, encoder, new Set(asked));
  return labelled([labeller, language], subjects, placed(findings), isWanted, signal);
}

function withPlace(finding: Finding, subject: TextSubject, page: TextParts["page"]): Finding {
  return page ? { ...finding, signals: page.judge(subject, finding.signals) } : finding;
}

/** Every category that these judges can speak of. */
export function categoriesOfTexts({ patterns, finders, linear, encoder }: TextParts): Category[] {
  const deep = encoder ? categoriesOf(encoder.row) : [];
  const always = [patterns, ...finders, linear.detector].flatMap(({ categories }) => categories);
  return [...new Set([...always, ...deep])];
}

/** What an encoder alone makes of a text. */
export interface DeepReading {
  readonly entities: readonly Entity[];
  readonly measures: Readonly<Record<string, Probability>>;
  /** Absent for a text without a word. */
  readonly vector?: Float32Array;
}

/** What the encoder alone finds and measures in a text; nothing where there is no encoder. */
export async function readDeeply(
  { encoder }: Pick<TextParts, "encoder">,
  subject: TextSubject,
  signal: AbortSignal,
): Promise<DeepReading> {
  const family = await encoder?.open();
  if (!family) return { entities: [], measures: {} };
  const vector = await family.vector(subject, signal);
  return {
    entities: await family.entities(subject, signal),
    measures: await family.measures(subject, signal),
    ...(vector ? { vector } : {}),
  };
}

/** Whether personal data that the encoder finds in a text counts. */
export function countsEntities({ encoder }: Pick<TextParts, "encoder">, subject: TextSubject): boolean {
  return mayLeave(subject) && encoder?.row.entities.status === "active";
}

/**
 * Not certainly harmless: an expression met it, or a linear head that has an encoder's head beside it is not sure. What
 * language it is, which takes longer than the linear heads do, is found out only where it matters.
 */
async function isOpen(
  { heads, entities }: EncoderCard,
  { signals }: Finding,
  subject: TextSubject,
  tellLanguage: (subject: TextSubject) => Promise<string | undefined>,
): Promise<boolean> {
  if (mayLeave(subject) && entities.status === "active") return true;
  if (signals.some(({ model, score }) => model === undefined && score >= 0.5)) return true;
  const scores = new Map(signals.map(({ detector, category, score }) => [`${detector} ${category}`, score]));
  const asking = heads
    .filter((head) => isActive(head) && head.category !== undefined)
    .map(({ category, askFrom = 0, askFromIn = {} }) => ({
      score: scores.get(`${LINEAR_ID} ${category}`) ?? 1,
      askFrom,
      askFromIn,
    }));
  if (asking.some(({ score, askFrom }) => score >= askFrom)) return true;
  if (!asking.some(({ score, askFromIn }) => Object.values(askFromIn).some((limit) => score >= limit))) return false;
  const language = (await tellLanguage(subject)) ?? "";
  return asking.some(({ score, askFromIn }) => score >= (askFromIn[language] ?? Number.POSITIVE_INFINITY));
}

async function deepened(
  encoder: EncoderHalf,
  subjects: readonly TextSubject[],
  findings: readonly Finding[],
  asked: readonly TextSubject[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const deep = asked.length > 0 ? await detectAll([lazily(encoder)], asked, signal) : [];
  const found = new Map(asked.map((subject, i) => [subject, deep[i]]));
  return subjects.map((subject, i) => joined(findings[i] ?? { signals: [] }, found.get(subject)));
}

function lazily({ row, open }: EncoderHalf): Detector<TextSubject> {
  return {
    id: HEADS_ID,
    kind: "text",
    categories: categoriesOf(row),
    detect: async (subjects, signal) => (await open()).detector.detect(subjects, signal),
  };
}

/** Linear signals give up the share that the encoder's signals on the same category have. */
function joined(finding: Finding, deep: Finding | undefined): Finding {
  if (!deep) return finding;
  const shares = new Map(deep.signals.map(({ category, weight }) => [category, weight]));
  const lessened = (signal: Signal): Signal => {
    const share = signal.detector === LINEAR_ID ? shares.get(signal.category) : undefined;
    return share === undefined ? signal : { ...signal, weight: 1 - share };
  };
  const failure = finding.failure ?? deep.failure;
  return { ...finding, signals: [...finding.signals.map(lessened), ...deep.signals], ...(failure ? { failure } : {}) };
}

/** What was not asked of the encoder, or cannot be, the linear half describes alone. */
function mixedLabeller(
  linear: Labeller<TextSubject>,
  { row, open }: EncoderHalf,
  asked: ReadonlySet<TextSubject>,
): Labeller<TextSubject> {
  const describing = row.heads.filter((head) => isActive(head) && head.category === undefined);
  const shares = new Map(describing.map(({ task, weight }) => [task, weight]));
  return {
    id: linear.id,
    async label(subjects, signal) {
      const first = await linear.label(subjects, signal);
      const deep = shares.size > 0 ? subjects.filter((subject) => asked.has(subject)) : [];
      if (deep.length === 0) return first;
      const second = await open()
        .then(({ labeller }) => labeller.label(deep, signal))
        .catch(() => []);
      signal.throwIfAborted();
      const found = new Map(deep.map((subject, i) => [subject, second[i]]));
      return subjects.map((subject, i) => mixLabels(first[i] ?? {}, found.get(subject) ?? {}, shares));
    },
  };
}

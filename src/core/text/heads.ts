import { type EncoderCard, type EncoderHead, modelName } from "../catalog.ts";
import { WardlightError } from "../errors.ts";
import { sigmoid, softmax } from "../math.ts";
import type { Detector, Evidence, Labeller, Labels, Probability, Signal, TextSubject } from "../types.ts";
import { type Encoder, type Reading, readText } from "./encoder.ts";
import { type Entity, entitiesOf } from "./entities.ts";
import { Occlusion } from "./occlusion.ts";

/** A linear layer over an encoder's vectors. */
export interface SequenceHead extends EncoderHead {
  /** Output by output. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Everything that one encoder says of texts; a subject is read once, whoever asks. */
export interface HeadsFamily {
  readonly detector: Detector<TextSubject>;
  /** Of the active heads that describe. */
  readonly labeller: Labeller<TextSubject>;
  /** Personal data of a text, wherever it stands. */
  entities(subject: TextSubject, signal: AbortSignal): Promise<readonly Entity[]>;
  /** `heads/<task>` or `heads/<task>/<class>` to calibrated probability: every head's own opinion, shadows too. */
  measures(subject: TextSubject, signal: AbortSignal): Promise<Readonly<Record<string, Probability>>>;
  /** Where a text lies among others: the mean of its windows' vectors. Undefined for one without a word. */
  vector(subject: TextSubject, signal: AbortSignal): Promise<Float32Array | undefined>;
}

type Opinion = Omit<Signal, "detector" | "model">;

export const HEADS_ID = "text/heads";
/** So many pieces of personal data are pointed to, the surest first. */
const MAX_ENTITIES = 20;

/**
 * Reads a head's file: float32 weights [outputs, width], then biases, little-endian.
 * @throws {WardlightError} `validation` for another length, or a number that is not finite.
 */
export function readSequenceHead(row: EncoderCard, head: EncoderHead, bytes: Uint8Array<ArrayBuffer>): SequenceHead {
  const outputs = Math.max(1, head.classes.length);
  const count = outputs * (row.width + 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isWhole = bytes.length === 4 * count;
  const numbers = Float32Array.from({ length: isWhole ? count : 0 }, (_, i) => view.getFloat32(4 * i, true));
  if (!isWhole || !numbers.every(Number.isFinite)) {
    const problem = isWhole ? "a number in it is not finite" : `it has ${bytes.length} bytes`;
    throw new WardlightError("validation", `The head ${head.task} of ${modelName(row)} cannot be used: ${problem}.`);
  }
  return { ...head, weights: numbers.subarray(0, outputs * row.width), bias: numbers.subarray(outputs * row.width) };
}

/**
 * All heads of one encoder. Only active ones speak; `text/heads` speaks of personal data where it could be sent away.
 * @param languages tells a text's `language` where it is sure: some heads are calibrated by it.
 */
export function headsFamily(
  row: EncoderCard,
  encoder: Encoder,
  heads: readonly SequenceHead[],
  languages: Labeller<TextSubject>,
): HeadsFamily {
  const readings = new Readings(encoder, languages);
  const active = heads.filter(isActive);
  const model = modelName(row);
  const entities = (reading: Reading) => foundIn(reading, row.entities.threshold);
  return {
    detector: {
      id: HEADS_ID,
      kind: "text",
      categories: categoriesOf(row),
      async detect(subjects, signal) {
        const all: Signal[][] = [];
        for (const subject of subjects) {
          const reading = await readings.of(subject, signal);
          const found = await threatsIn(reading, active, encoder, signal);
          const isLeaving = mayLeave(subject) && row.entities.status === "active";
          all.push(
            [...found, ...(isLeaving ? personal(entities(reading)) : [])].map((opinion) => ({
              ...opinion,
              detector: HEADS_ID,
              model,
            })),
          );
        }
        return all;
      },
    },
    labeller: {
      id: HEADS_ID,
      async label(subjects, signal) {
        const all: Labels[] = [];
        for (const subject of subjects) all.push(labelsOf(await readings.of(subject, signal), active));
        return all;
      },
    },
    async entities(subject, signal) {
      return entities(await readings.of(subject, signal));
    },
    async measures(subject, signal) {
      const reading = await readings.of(subject, signal);
      return Object.fromEntries(heads.flatMap((head) => measuresOf(reading, head)));
    },
    async vector(subject, signal) {
      return meanVector(await readings.of(subject, signal));
    },
  };
}

/** Every category that an encoder of this row can speak of. */
export function categoriesOf({ heads, entities }: EncoderCard) {
  const threats = heads.filter(isActive).flatMap(({ category }) => category ?? []);
  return entities.status === "active" ? [...threats, "pii" as const] : threats;
}

/** A head that has a say. */
export function isActive({ status, weight }: EncoderHead): boolean {
  return status === "active" && weight > 0;
}

/** What people type or paste goes to somebody; what they read does not. */
export function mayLeave({ context }: Pick<TextSubject, "context">): boolean {
  return context === "prompt" || context === "paste";
}

interface ReadText extends Reading {
  readonly language: string | undefined;
}

/** What was read, as long as its subject lives. */
class Readings {
  readonly #encoder: Encoder;
  readonly #languages: Labeller<TextSubject>;
  readonly #known = new WeakMap<TextSubject, ReadText>();

  constructor(encoder: Encoder, languages: Labeller<TextSubject>) {
    this.#encoder = encoder;
    this.#languages = languages;
  }

  async of(subject: TextSubject, signal: AbortSignal): Promise<ReadText> {
    signal.throwIfAborted();
    const reading = this.#known.get(subject) ?? (await this.#read(subject, signal));
    this.#known.set(subject, reading);
    return reading;
  }

  async #read(subject: TextSubject, signal: AbortSignal): Promise<ReadText> {
    const [labels] = await this.#languages.label([subject], signal);
    return { ...(await readText(this.#encoder, subject.text, signal)), language: labels?.language };
  }
}

/** Logits of a head on a vector. */
function logitsOf({ weights, bias }: SequenceHead, vector: Float32Array): number[] {
  return Array.from(bias, (constant, output) => {
    let sum = constant;
    for (let i = 0; i < vector.length; i++) sum += (weights[output * vector.length + i] ?? 0) * (vector[i] ?? 0);
    return sum;
  });
}

const threatOf = (head: SequenceHead, vector: Float32Array) => logitsOf(head, vector)[0] ?? 0;

/** A threat is as bad as its worst window; that, and the words that speak loudest in it, is the evidence. */
async function threatsIn(reading: ReadText, heads: readonly SequenceHead[], encoder: Encoder, signal: AbortSignal) {
  const occlusions = new Map<number, Occlusion>();
  const occlusionOf = (window: number) => {
    const known = occlusions.get(window) ?? new Occlusion(encoder, reading, window);
    occlusions.set(window, known);
    return known;
  };
  const found: Opinion[] = [];
  if (reading.windows.length === 0) return found;
  for (const head of heads) {
    if (head.category === undefined) continue;
    const { window, score } = worstOf(reading, head);
    const evidence = score < 0.5 ? [] : await occlusionOf(window).evidence((vector) => threatOf(head, vector), signal);
    found.push({ category: head.category, score, weight: head.weight, evidence });
  }
  return found;
}

function worstOf({ vectors, language = "" }: ReadText, head: SequenceHead) {
  const { a, b, languages } = head.calibration;
  const logits = vectors.map((vector) => threatOf(head, vector));
  const worst = Math.max(...logits);
  return { window: logits.indexOf(worst), score: sigmoid(a * worst + b + (languages?.[language] ?? 0)) };
}

/** Class to probability, from the mean of the windows' logits. */
function distribution({ vectors }: Reading, head: SequenceHead): Record<string, Probability> {
  const sums = head.classes.map(() => 0);
  for (const vector of vectors)
    for (const [i, logit] of logitsOf(head, vector).entries()) sums[i] = (sums[i] ?? 0) + logit;
  const logits = sums.map((sum) => (head.calibration.a * sum) / Math.max(1, vectors.length));
  return Object.fromEntries(softmax(logits).map((share, i) => [head.classes[i] ?? "", share]));
}

function labelsOf(reading: Reading, heads: readonly SequenceHead[]): Labels {
  if (reading.windows.length === 0) return {};
  const describing = heads.filter(({ category }) => category === undefined);
  return Object.fromEntries(describing.map((head) => [head.task, distribution(reading, head)]));
}

function measuresOf(reading: ReadText, head: SequenceHead): [string, Probability][] {
  if (reading.windows.length === 0) return [];
  const name = `heads/${head.task}`;
  if (head.category !== undefined) return [[name, worstOf(reading, head).score]];
  return Object.entries(distribution(reading, head)).map(([label, share]) => [`${name}/${label}`, share]);
}

function meanVector({ vectors }: Reading): Float32Array | undefined {
  const [first] = vectors;
  return first?.map((_, i) => vectors.reduce((sum, vector) => sum + (vector[i] ?? 0), 0) / vectors.length);
}

function foundIn({ tokens, entities }: Reading, threshold: Probability): Entity[] {
  return entitiesOf(tokens, entities).filter(({ score }) => score >= threshold);
}

function personal(entities: readonly Entity[]): Opinion[] {
  if (entities.length === 0) return [];
  const surest = entities.toSorted((a, b) => b.score - a.score).slice(0, MAX_ENTITIES);
  const evidence: Evidence[] = surest.map(({ start, end, type }) => ({ kind: "span", start, end, rule: type }));
  return [{ category: "pii", score: surest[0]?.score ?? 0, evidence }];
}

/**
 * The weighted mean of two families' descriptions in log-odds, question by question; what only one of them answers is
 * taken from it. The second one's failure costs its own share alone.
 * @param shares of the second, by question.
 */
export function mixLabels(first: Labels, second: Labels, shares: ReadonlyMap<string, number>): Labels {
  const mixed = Object.entries(second).flatMap(([task, theirs]) => {
    const ours = first[task as "topic"];
    const share = shares.get(task) ?? 0;
    return ours && typeof theirs === "object"
      ? [[task, meanOf(ours, theirs, share)] as const]
      : [[task, theirs] as const];
  });
  return { ...first, ...Object.fromEntries(mixed) };
}

type Distribution = Readonly<Record<string, Probability>>;

function meanOf(ours: Distribution, theirs: Distribution, share: number): Distribution {
  const names = Object.keys(ours);
  const log = (value = 0) => Math.log(Math.max(value, Number.MIN_VALUE));
  const shares = softmax(names.map((name) => (1 - share) * log(ours[name]) + share * log(theirs[name])));
  return Object.fromEntries(names.map((name, i) => [name, shares[i] ?? 0]));
}

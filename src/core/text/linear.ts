import { modelName, type TextModelRow } from "../catalog.ts";
import { WardlightError } from "../errors.ts";
import { sigmoid } from "../math.ts";
import type { Detector, Evidence, Labeller, Labels, Probability, Signal, TextSubject } from "../types.ts";
import { Hasher } from "./features.ts";
import { type Normalised, normalise, originalSpan, type Span } from "./normalise.ts";
import { segment } from "./segment.ts";
import { words } from "./tokenise.ts";

/** A logistic regression over hashed n-grams, one weight for each place and output. */
export interface LinearHead {
  readonly row: TextModelRow;
  /** By output. */
  readonly scale: Float32Array;
  readonly intercept: Float32Array;
  /** Place by place, within it output by output. */
  readonly weights: Int8Array;
}

/** The threats of the linear family, and what it says to describe a text. */
export interface LinearFamily {
  readonly detector: Detector<TextSubject>;
  readonly labeller: Labeller<TextSubject>;
}

export const LINEAR_ID = "text/linear";
const MAX_EVIDENCE = 5;

/**
 * Reads a head's file: float32 scales and intercepts, a bit for each place that has weights, then the int8 weights of
 * these (`workshop/linear_model.py`).
 * @throws {WardlightError} `validation` where its length is not what the catalogue's row and its own bits ask for.
 */
export function readHead(row: TextModelRow, bytes: Uint8Array<ArrayBuffer>): LinearHead {
  const outputs = Math.max(1, row.classes.length);
  const places = 1 << row.reading.bits;
  const [atBits, atWeights] = [8 * outputs, 8 * outputs + places / 8];
  const isUsed = (place: number) => (((bytes[atBits + (place >> 3)] ?? 0) >> (place & 7)) & 1) === 1;
  let used = 0;
  for (let place = 0; place < places; place++) if (isUsed(place)) used++;
  if (bytes.length !== atWeights + used * outputs) throw unusable(row, `it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const numbers = Float32Array.from({ length: 2 * outputs }, (_, i) => view.getFloat32(4 * i, true));
  if (!numbers.every(Number.isFinite)) throw unusable(row, "a number in it is not finite");
  const weights = new Int8Array(places * outputs);
  for (let place = 0, at = atWeights; place < places; place++) {
    if (!isUsed(place)) continue;
    for (let output = 0; output < outputs; output++) weights[place * outputs + output] = view.getInt8(at++);
  }
  return { row, scale: numbers.subarray(0, outputs), intercept: numbers.subarray(outputs), weights };
}

function unusable(row: TextModelRow, problem: string): WardlightError {
  return new WardlightError("validation", `The file of the model ${modelName(row)} cannot be used: ${problem}.`);
}

/** One family over all heads: a text is normalised, cut and hashed once for those that read it alike. */
export function linearFamily(heads: readonly LinearHead[]): LinearFamily {
  const threats = new Scorer(heads.filter(({ row }) => row.category !== undefined));
  const descriptions = new Scorer(heads.filter(({ row }) => row.category === undefined));
  return {
    detector: {
      id: LINEAR_ID,
      kind: "text",
      categories: threats.heads.flatMap(({ row }) => row.category ?? []),
      async detect(subjects, signal) {
        return subjects.map(({ text }) => {
          signal.throwIfAborted();
          return signalsOf(threats, text);
        });
      },
    },
    labeller: {
      id: LINEAR_ID,
      async label(subjects, signal) {
        return subjects.map(({ text }) => {
          signal.throwIfAborted();
          return labelsOf(descriptions, text);
        });
      },
    },
  };
}

/** Logits of one head on each chunk, output by output. */
interface Scored {
  readonly head: LinearHead;
  readonly logits: Float64Array;
}

/** The heads that read alike, so that a chunk's places are found once for all of them. */
class Scorer {
  readonly heads: readonly LinearHead[];
  readonly #alike: readonly (readonly LinearHead[])[];
  readonly #hasher: Hasher;

  constructor(heads: readonly LinearHead[]) {
    this.heads = heads;
    const readings = new Set(heads.map(({ row }) => JSON.stringify(row.reading)));
    this.#alike = Array.from(readings, (reading) => heads.filter(({ row }) => JSON.stringify(row.reading) === reading));
    this.#hasher = new Hasher(heads.map(({ row }) => row.reading));
  }

  score(text: string, chunks: readonly Span[]): Scored[] {
    const scored = this.heads.map((head) => ({ head, logits: new Float64Array(chunks.length * head.scale.length) }));
    const logitsOf = new Map(scored.map(({ head, logits }) => [head, logits]));
    for (const [i, { start, end }] of chunks.entries()) {
      this.#hasher.read(text, start, end);
      for (const alike of this.#alike) {
        const [first] = alike;
        const places = first && this.#hasher.places(first.row.reading);
        for (const head of alike) if (places) fill(logitsOf.get(head), i, head, places);
      }
    }
    return scored;
  }

  /** How much a stretch on its own speaks for the head's threat, in its weights' own measure. */
  push(head: LinearHead, text: string, { start, end }: Span): number {
    this.#hasher.read(text, start, end);
    let sum = 0;
    for (const place of this.#hasher.places(head.row.reading)) sum += head.weights[place] ?? 0;
    return sum;
  }
}

/** Writes the logits of chunk `i`: intercept + scale · Σ weights / √places. */
function fill(logits: Float64Array | undefined, i: number, head: LinearHead, places: Uint32Array): void {
  const { scale, intercept, weights } = head;
  const outputs = scale.length;
  const length = Math.sqrt(Math.max(1, places.length));
  for (let output = 0; logits && output < outputs; output++) {
    let sum = 0;
    for (let at = 0; at < places.length; at++) sum += weights[(places[at] ?? 0) * outputs + output] ?? 0;
    logits[i * outputs + output] = (intercept[output] ?? 0) + ((scale[output] ?? 0) * sum) / length;
  }
}

function signalsOf(scorer: Scorer, original: string): Signal[] {
  const normalised = normalise(original);
  const chunks = segment(normalised.text);
  return scorer.score(normalised.text, chunks).flatMap(({ head, logits }) => {
    const { category, calibration } = head.row;
    if (category === undefined) return [];
    const loudest = logits.indexOf(Math.max(...logits));
    const score = sigmoid(calibration.a * (logits[loudest] ?? 0) + calibration.b);
    const chunk = chunks[loudest];
    const evidence = score >= 0.5 && chunk ? evidenceOf(scorer, head, normalised, chunk) : [];
    return [{ category, score, detector: LINEAR_ID, model: modelName(head.row), evidence }];
  });
}

/** The passage, and the words in it that speak loudest. */
function evidenceOf(scorer: Scorer, head: LinearHead, normalised: Normalised, chunk: Span): Evidence[] {
  const { text } = normalised;
  const passage = text.slice(chunk.start, chunk.end);
  const trimmed = { start: chunk.end - passage.trimStart().length, end: chunk.start + passage.trimEnd().length };
  if (trimmed.start >= trimmed.end) return [];
  const pushes = new Map<string, number>();
  for (const { start, end } of words(passage)) {
    const word = passage.slice(start, end);
    const span = { start: chunk.start + start, end: chunk.start + end };
    if (!pushes.has(word)) pushes.set(word, scorer.push(head, text, span));
  }
  const loudest = [...pushes].filter(([, push]) => push > 0).sort(([, a], [, b]) => b - a);
  return [
    { kind: "span", ...originalSpan(normalised, trimmed.start, trimmed.end), rule: "passage" },
    ...loudest.slice(0, MAX_EVIDENCE).map(([value]) => ({ kind: "rule" as const, rule: "word", value })),
  ];
}

/** Class to probability for each head, from the mean of the chunks' logits. */
function labelsOf(scorer: Scorer, original: string): Labels {
  const { text } = normalise(original);
  const chunks = segment(text);
  const scored = scorer.score(text, chunks);
  return Object.fromEntries(
    scored.map(({ head, logits }) => [head.row.task, distribution(head, logits, chunks.length)]),
  );
}

function distribution({ row }: LinearHead, logits: Float64Array, chunks: number): Record<string, Probability> {
  const { classes, calibration } = row;
  const means = classes.map((_, output) => {
    let sum = 0;
    for (let i = 0; i < chunks; i++) sum += logits[i * classes.length + output] ?? 0;
    return sum / chunks;
  });
  const highest = Math.max(...means);
  const raised = means.map((mean) => Math.exp(calibration.a * (mean - highest)));
  const total = raised.reduce((sum, value) => sum + value, 0);
  return Object.fromEntries(classes.map((name, i) => [name, (raised[i] ?? 0) / total]));
}

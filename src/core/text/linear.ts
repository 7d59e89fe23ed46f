import { modelName } from "../catalog.ts";
import { sigmoid } from "../math.ts";
import type { Detector, Evidence, Labeller, Labels, Probability, Signal, TextSubject } from "../types.ts";
import type { LinearHead } from "./linear-head.ts";
import { type Normalised, normalisedOf, originalSpan, type Span } from "./normalise.ts";
import { type PackedHead, Scorer, type Words } from "./scorer.ts";
import { segment } from "./segment.ts";

/** The threats of the linear family, and what it says to describe a text. */
export interface LinearFamily {
  readonly detector: Detector<TextSubject>;
  readonly labeller: Labeller<TextSubject>;
}

export const LINEAR_ID = "text/linear";
const MAX_EVIDENCE = 5;

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
        return subjects.map((subject) => {
          signal.throwIfAborted();
          return signalsOf(threats, normalisedOf(subject));
        });
      },
    },
    labeller: {
      id: LINEAR_ID,
      async label(subjects, signal) {
        return subjects.map((subject) => {
          signal.throwIfAborted();
          return labelsOf(descriptions, normalisedOf(subject));
        });
      },
    },
  };
}

function signalsOf(scorer: Scorer, normalised: Normalised): Signal[] {
  const chunks = segment(normalised.text);
  const passages = new Map<number, Passage>();
  return scorer.score(normalised.text, chunks).flatMap(({ head, logits }, number) => {
    const { category, calibration } = head.row;
    if (category === undefined) return [];
    const loudest = loudestOf(logits);
    const score = sigmoid(calibration.a * (logits[loudest] ?? 0) + calibration.b);
    const evidence: Evidence[] = [];
    if (score >= 0.5) {
      const passage = passages.get(loudest) ?? passageOf(scorer, normalised, chunks[loudest]);
      passages.set(loudest, passage);
      evidence.push(...passage.evidence, ...loudWords(passage, number, scorer.heads.length, normalised.text));
    }
    return [{ category, score, detector: LINEAR_ID, model: modelName(head.row), evidence }];
  });
}

function loudestOf(logits: ArrayLike<number>): number {
  let loudest = 0;
  for (let i = 1; i < logits.length; i++) if ((logits[i] ?? 0) > (logits[loudest] ?? 0)) loudest = i;
  return loudest;
}

/** A chunk as evidence, without the space around it, and what its words say. */
interface Passage extends Words {
  readonly evidence: readonly Evidence[];
}

function passageOf(scorer: Scorer, normalised: Normalised, chunk: Span = { start: 0, end: 0 }): Passage {
  const passage = normalised.text.slice(chunk.start, chunk.end);
  const start = chunk.end - passage.trimStart().length;
  const end = chunk.start + passage.trimEnd().length;
  const isEmpty = start >= end;
  const span = isEmpty ? [] : [{ kind: "span" as const, ...originalSpan(normalised, start, end), rule: "passage" }];
  return { ...scorer.words(normalised.text, { start, end: Math.max(start, end) }), evidence: span };
}

/** The words that speak loudest for a head, the loudest first. */
function loudWords({ words, pushes }: Words, head: number, heads: number, text: string): Evidence[] {
  const left = words.map((_, i) => pushes[i * heads + head] ?? 0);
  const found: Evidence[] = [];
  while (found.length < MAX_EVIDENCE) {
    const loudest = loudestOf(left);
    if ((left[loudest] ?? 0) <= 0) break;
    const { start, end } = words[loudest] ?? { start: 0, end: 0 };
    found.push({ kind: "rule", rule: "word", value: text.slice(start, end) });
    left[loudest] = 0;
  }
  return found;
}

/** Class to probability for each head, from the mean of the chunks' logits. */
function labelsOf(scorer: Scorer, { text }: Normalised): Labels {
  const chunks = segment(text);
  const scored = scorer.score(text, chunks);
  return Object.fromEntries(
    scored.map(({ head, logits }) => [head.row.task, distribution(head, logits, chunks.length)]),
  );
}

function distribution({ row }: PackedHead, logits: Float64Array, chunks: number): Record<string, Probability> {
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

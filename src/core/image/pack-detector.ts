import { modelName } from "../catalog.ts";
import { WardlightError } from "../errors.ts";
import { logit, sigmoid, softmax } from "../math.ts";
import type { ImagePackCard } from "../pack.ts";
import { packDetectorId } from "../pack-pins.ts";
import type { Category, Detector, ImageSubject, Model, Probability, Signal } from "../types.ts";
import { toPackTensor } from "./resample.ts";

/** The journal keeps no more of one detector. */
const MAX_EVIDENCE = 8;
/** How far the sum of a softmax may lie from 1 after rounding and quantisation. */
const SUM_TOLERANCE = 0.02;

/**
 * Judges pictures by a pack's network, whose raw output is read as its card says; the probabilities of its likeliest
 * classes are the evidence. One signal a category of the card.
 */
export function packDetector(card: ImagePackCard, model: Model<Float32Array, Float32Array>): Detector<ImageSubject> {
  const id = packDetectorId(card);
  const categories = Object.keys(card.positive) as Category[];
  return {
    id,
    kind: "image",
    categories,
    async detect(subjects, signal) {
      const found: Signal[][] = [];
      for (const { pixels } of subjects) {
        const probabilities = probabilitiesOf(card, await model.run(toPackTensor(pixels, card.input), signal));
        const evidence = evidenceOf(card, probabilities);
        found.push(
          categories.map((category) => {
            const score = scoreOf(card, category, probabilities);
            return { category, score, detector: id, model: modelName(card), evidence };
          }),
        );
      }
      return found;
    },
  };
}

/**
 * One probability a class of the card, from what its network answered.
 * @throws WardlightError `model` for an answer of another length, or that is no distribution.
 */
export function probabilitiesOf(card: ImagePackCard, raw: Float32Array): readonly Probability[] {
  const wanted = card.kind === "zero-shot" ? (card.prompts[0]?.embedding.length ?? 0) : card.classes.length;
  if (raw.length !== wanted || !raw.every(Number.isFinite)) {
    throw new WardlightError("model", `The pack ${modelName(card)} did not answer with ${wanted} finite numbers.`);
  }
  if (card.kind === "zero-shot") return zeroShot(card, raw);
  if (card.activation === "softmax") return softmax([...raw]);
  const sum = raw.reduce((total, value) => total + value, 0);
  if (raw.some((value) => value < 0) || Math.abs(sum - 1) > SUM_TOLERANCE) {
    const hint = "If it answers with logits, its card must say so: output.activation softmax.";
    throw new WardlightError("model", `The pack ${modelName(card)} did not answer with probabilities. ${hint}`);
  }
  return [...raw];
}

/** Softmax of the cosines over the temperature; a class has the sum of its prompts (Radford et al. 2021). */
function zeroShot(card: Extract<ImagePackCard, { kind: "zero-shot" }>, embedding: Float32Array): Probability[] {
  const shares = softmax(card.prompts.map((prompt) => cosine(prompt.embedding, embedding) / card.temperature));
  return card.classes.map((name) =>
    card.prompts.reduce((sum, prompt, i) => sum + (prompt.class === name ? (shares[i] as number) : 0), 0),
  );
}

/** 0 where one of them has no direction. */
function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, lengthA, lengthB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    product += x * y;
    lengthA += x * x;
    lengthB += y * y;
  }
  return product === 0 ? 0 : product / Math.sqrt(lengthA * lengthB);
}

function scoreOf(
  { classes, positive, calibration }: ImagePackCard,
  category: Category,
  probabilities: readonly number[],
) {
  const raw = (positive[category] ?? []).reduce((sum, name) => sum + (probabilities[classes.indexOf(name)] ?? 0), 0);
  return sigmoid(calibration.a * logit(raw) + calibration.b);
}

function evidenceOf({ classes }: ImagePackCard, probabilities: readonly number[]) {
  const all = classes.map((name, i) => ({ kind: "class", name, score: probabilities[i] ?? 0 }) as const);
  return all.length <= MAX_EVIDENCE ? all : all.toSorted((a, b) => b.score - a.score).slice(0, MAX_EVIDENCE);
}

import { type ImageModelRow, modelName } from "../catalog.ts";
import { logit, sigmoid } from "../math.ts";
import { release } from "../release.ts";
import type { Detector, ImageSubject, Model, Probability } from "../types.ts";
import { toTensor } from "./pixels.ts";

/** Judges pictures by a classifier network; the probabilities of its classes are the evidence. */
export function nsfwDetector(row: ImageModelRow, model: Model<Float32Array, Float32Array>): Detector<ImageSubject> {
  const { category, input, output } = row;
  const id = `image/${row.id}`;
  return {
    id,
    kind: "image",
    categories: [category],
    async detect(subjects, signal) {
      const found = [];
      for (const { pixels } of subjects) {
        const tensor = toTensor(pixels, input);
        const probabilities = await model.run(tensor, signal).finally(() => release(tensor));
        const evidence = output.classes.map(
          (name, i) => ({ kind: "class", name, score: probabilities[i] ?? 0 }) as const,
        );
        found.push([{ category, score: scoreOf(probabilities, row), detector: id, model: modelName(row), evidence }]);
      }
      return found;
    },
  };
}

function scoreOf(probabilities: Float32Array, { output, positive, calibration }: ImageModelRow): Probability {
  const raw = positive.reduce((sum, name) => sum + (probabilities[output.classes.indexOf(name)] ?? 0), 0);
  return sigmoid(calibration.a * logit(raw) + calibration.b);
}

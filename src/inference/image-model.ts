import { type ImageModelRow, modelName } from "../core/catalog.ts";
import { WardlightError } from "../core/errors.ts";
import type { Model } from "../core/types.ts";
import { loadModelFile, type ReadModel } from "./load.ts";
import { openSession } from "./session.ts";

/** How far the sum of a softmax may lie from 1 after rounding and quantisation. */
const SUM_TOLERANCE = 0.02;

/**
 * Opens a catalogued picture classifier: planes of RGB in (see `toTensor`), one probability a class out.
 * @param open for tests: stands in for the network.
 * @throws WardlightError as `loadModelFile` and `openSession` do; `run` throws `model` for tensors that are not sound.
 */
export async function openImageModel(
  row: ImageModelRow,
  read: ReadModel,
  open = openSession,
): Promise<Model<Float32Array, Float32Array>> {
  const file = row.files.find(({ provider }) => provider === "wasm");
  if (!file) throw new WardlightError("model", `The model ${modelName(row)} has no file for WebAssembly.`);
  const bytes = await loadModelFile(file, read);
  const session = await open(bytes, row.input.name, row.output.name);
  const dims = [1, 3, row.input.height, row.input.width];
  return {
    id: modelName(row),
    async run(tensor, signal) {
      signal.throwIfAborted();
      assertInput(tensor, dims, row);
      const probabilities = await session.run(tensor, dims);
      assertProbabilities(probabilities, row);
      return probabilities;
    },
  };
}

function assertInput(tensor: Float32Array, dims: readonly number[], row: ImageModelRow) {
  const length = dims.reduce((product, side) => product * side, 1);
  if (tensor.length !== length || !tensor.every(Number.isFinite)) {
    throw new WardlightError("model", `The model ${modelName(row)} was given something else than ${length} numbers.`);
  }
}

/** A network that was altered, or a runtime that computes wrongly, must not pass for a verdict. */
function assertProbabilities(values: Float32Array, row: ImageModelRow) {
  const count = row.output.classes.length;
  const sum = values.reduce((total, value) => total + value, 0);
  const isSound = values.length === count && values.every((value) => value >= 0 && value <= 1 + SUM_TOLERANCE);
  if (!isSound || Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw new WardlightError("model", `The model ${modelName(row)} did not answer with ${count} probabilities.`);
  }
}

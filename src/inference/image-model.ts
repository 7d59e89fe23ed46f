import { chooseFile, type ImageModelRow, modelName } from "../core/catalog.ts";
import { WardlightError } from "../core/errors.ts";
import { areFinite } from "../core/math.ts";
import type { Provider } from "../core/provider.ts";
import { release } from "../core/release.ts";
import type { Model } from "../core/types.ts";
import { type Gpu, orGiveUp } from "./gpu.ts";
import { loadModelFile, type ReadModel } from "./load.ts";
import { openSession, type Session } from "./session.ts";

/** What a classifier runs on: the card, unless there is none or its row has no file for it. */
export function providerOf(row: ImageModelRow, gpu?: Gpu): Provider {
  return chooseFile(row, gpu?.features)?.provider === "webgpu" ? "webgpu" : "wasm";
}

/** How far the sum of a softmax may lie from 1 after rounding and quantisation. */
const SUM_TOLERANCE = 0.02;

/**
 * Opens a catalogued picture classifier: planes of RGB in (see `toTensor`), one probability a class out. With a graphics
 * card it runs there, unless its row has no file for it.
 * @param open for tests: stands in for the network on WebAssembly.
 * @throws WardlightError as `loadModelFile` and `openSession` do; `run` throws `model` for tensors that are not sound.
 */
export async function openImageModel(
  row: ImageModelRow,
  read: ReadModel,
  gpu?: Gpu,
  open = openSession,
): Promise<Model<Float32Array, Float32Array>> {
  const file = chooseFile(row, gpu?.features);
  if (!file) throw new WardlightError("model", `The model ${modelName(row)} has no file for WebAssembly.`);
  const bytes = await loadModelFile(file, read);
  const network = { bytes, input: row.input.name, output: row.output.name };
  const session = gpu && file.provider === "webgpu" ? await openOnCard(network, gpu) : await open(network);
  release(bytes);
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

async function openOnCard(network: Parameters<typeof openSession>[0], gpu: Gpu): Promise<Session> {
  const session = await orGiveUp(gpu, openSession(network, gpu.device));
  return { ...session, run: (input, dims) => orGiveUp(gpu, session.run(input, dims)) };
}

function assertInput(tensor: Float32Array, dims: readonly number[], row: ImageModelRow) {
  const length = dims.reduce((product, side) => product * side, 1);
  if (tensor.length !== length || !areFinite(tensor)) {
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

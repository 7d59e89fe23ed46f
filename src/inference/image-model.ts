import { chooseFile, type ImageModelRow, modelName } from "../core/catalog.ts";
import { WardlightError } from "../core/errors.ts";
import type { Provider } from "../core/provider.ts";
import type { Model } from "../core/types.ts";
import { type Gpu, orGiveUp } from "./gpu.ts";
import { loadModelFile, type ReadModel } from "./load.ts";
import { openSession, type Session } from "./session.ts";

/** What a classifier runs on: the card, unless there is none or its row has no file for it. */
export function providerOf(row: ImageModelRow, gpu?: Gpu): Provider {
  return chooseFile(row, gpu?.features)?.provider === "webgpu" ? "webgpu" : "wasm";
}

/**
 * Opens a catalogued picture classifier: planes of RGB in (see `toTensor`), one probability a class out. With a graphics
 * card it runs there, unless its row has no file for it.
 * @throws WardlightError as `loadModelFile` and `openSession` do.
 */
export async function openImageModel(
  row: ImageModelRow,
  read: ReadModel,
  gpu?: Gpu,
): Promise<Model<Float32Array, Float32Array>> {
  const file = chooseFile(row, gpu?.features);
  if (!file) throw new WardlightError("model", `The model ${modelName(row)} has no file for WebAssembly.`);
  const bytes = await loadModelFile(file, read);
  const network = { bytes, input: row.input.name, output: row.output.name };
  const session = gpu && file.provider === "webgpu" ? await openOnCard(network, gpu) : await openSession(network);
  return {
    id: modelName(row),
    async run(tensor, signal) {
      signal.throwIfAborted();
      const probabilities = await session.run(tensor, [1, 3, row.input.height, row.input.width]);
      if (probabilities.length !== row.output.classes.length) {
        throw new WardlightError("model", `The model ${modelName(row)} answered with the wrong number of classes.`);
      }
      return probabilities;
    },
  };
}

async function openOnCard(network: Parameters<typeof openSession>[0], gpu: Gpu): Promise<Session> {
  const session = await orGiveUp(gpu, openSession(network, gpu.device));
  return { ...session, run: (input, dims) => orGiveUp(gpu, session.run(input, dims)) };
}

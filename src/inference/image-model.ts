import { type ImageModelRow, modelName } from "../core/catalog.ts";
import { WardlightError } from "../core/errors.ts";
import type { Model } from "../core/types.ts";
import { loadModelFile, type ReadModel } from "./load.ts";
import { openSession } from "./session.ts";

/**
 * Opens a catalogued picture classifier: planes of RGB in (see `toTensor`), one probability a class out.
 * @throws WardlightError as `loadModelFile` and `openSession` do.
 */
export async function openImageModel(row: ImageModelRow, read: ReadModel): Promise<Model<Float32Array, Float32Array>> {
  const file = row.files.find(({ provider }) => provider === "wasm");
  if (!file) throw new WardlightError("model", `The model ${modelName(row)} has no file for WebAssembly.`);
  const bytes = await loadModelFile(file, read);
  const session = await openSession(bytes, row.input.name, row.output.name);
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

import { modelName, type TextModelRow } from "../core/catalog.ts";
import { WardlightError } from "../core/errors.ts";
import { linearDetector, parseLinearModel } from "../core/text/linear.ts";
import type { Detector, TextSubject } from "../core/types.ts";
import { loadModelFile, type ReadModel } from "./load.ts";

/**
 * Opens a catalogued linear model of text.
 * @throws WardlightError as `loadModelFile` and `parseLinearModel` do.
 */
export async function openLinearModel(row: TextModelRow, read: ReadModel): Promise<Detector<TextSubject>> {
  const [file] = row.files;
  if (!file) throw new WardlightError("model", `The model ${modelName(row)} has no file.`);
  const bytes = await loadModelFile(file, read);
  return linearDetector(parseLinearModel(JSON.parse(new TextDecoder().decode(bytes))), modelName(row));
}

import { modelName, type UrlModelRow } from "../core/catalog.ts";
import { WardlightError } from "../core/errors.ts";
import type { Detector, UrlSubject } from "../core/types.ts";
import { parsePhishingModel, phishingDetector } from "../core/url/phishing.ts";
import { loadModelFile, type ReadModel } from "./load.ts";

/**
 * Opens a catalogued model of addresses.
 * @throws WardlightError as `loadModelFile` and `parsePhishingModel` do.
 */
export async function openUrlModel(row: UrlModelRow, read: ReadModel): Promise<Detector<UrlSubject>> {
  const [file] = row.files;
  if (!file) throw new WardlightError("model", `The model ${modelName(row)} has no file.`);
  const bytes = await loadModelFile(file, read);
  return phishingDetector(parsePhishingModel(JSON.parse(new TextDecoder().decode(bytes))), modelName(row));
}

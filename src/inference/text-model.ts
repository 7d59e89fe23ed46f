import type { TextModelRow } from "../core/catalog.ts";
import { WardlightError } from "../core/errors.ts";
import { type LinearHead, readHead } from "../core/text/linear.ts";
import { loadModelFile, type ReadModel } from "./load.ts";

/**
 * Opens a catalogued linear head of text.
 * @throws WardlightError as `loadModelFile` and `readHead` do.
 */
export async function openLinearHead(row: TextModelRow, read: ReadModel): Promise<LinearHead> {
  const [file] = row.files;
  if (!file) throw new WardlightError("model", `The model ${row.id} has no file.`);
  return readHead(row, await loadModelFile(file, read));
}
